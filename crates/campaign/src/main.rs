//! `cargo xtask sim`: plays seeds.
fn main() {
    let mut args = std::env::args().skip(1);
    let from: u64 = args.next().and_then(|it| it.parse().ok()).unwrap_or(0);
    let to: u64 = args.next().and_then(|it| it.parse().ok()).unwrap_or(10);
    let days: i64 = args.next().and_then(|it| it.parse().ok()).unwrap_or(400);
    let start = std::time::Instant::now();
    let mut marks = std::collections::BTreeMap::new();
    let (mut steps, mut ops, mut failed, mut answered, mut losses) = (0, 0, 0, 0, 0);
    for seed in from..to {
        let case = abono_campaign::draw::case(seed, days);
        match abono_campaign::stage::play(&case) {
            Ok(passed) => {
                if std::env::var("V").is_ok() { println!("{seed} {:.2} {passed:?}", start.elapsed().as_secs_f64()); } steps += passed.steps; ops += passed.disk_ops; answered += passed.answered; losses += passed.power_losses;
                for (name, _) in passed.marks { *marks.entry(name).or_insert(0) += 1; }
            }
            Err(broken) => { failed += 1; println!("seed {seed}: {broken}"); }
        }
    }
    let all = start.elapsed().as_secs_f64();
    println!("{:?}", marks);
    let missed: Vec<_> = abono_campaign::marks::ALL.iter().filter(|it| !marks.contains_key(*it)).collect();
    println!("missed {missed:?}");
    println!("{} seeds, {failed} failed, {steps} steps, {ops} ops, {answered} answered, {losses} losses, {all:.1} s, {:.0} days/s", to - from, (to - from) as f64 * days as f64 / all);
}
