//! The printed payment request, as a whole page.

mod limits;
mod made;
mod printed;
