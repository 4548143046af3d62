//! The pages of a real engine: what each shows, in each language, and how it is served.

mod expected;
mod look;
mod sandbox;
mod served;
mod shop;
mod shown;
mod walk;
