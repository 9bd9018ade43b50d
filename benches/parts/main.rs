//! The parts of the product, each by itself: `cargo bench --bench parts`, or `-- assess` for those whose names hold that.

mod pages;
mod rules;
mod site;

fn main() {
    divan::main();
}
