//! api-lifepos
