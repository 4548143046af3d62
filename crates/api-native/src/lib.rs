//! api-native
