//! Reads the codes of a page: the title, and what a camera reads from the modules.

/// A code of a page.
#[derive(Debug)]
pub(crate) struct Code {
    /// The text of its `<title>`.
    pub(crate) title: String,
    /// What its modules say.
    pub(crate) read: String,
    /// Error level as in the format of the code: 0 is M.
    pub(crate) level: u16,
    /// The version, 1 to 40.
    pub(crate) version: usize,
}

/// The codes of a page, each read from its modules.
pub(crate) fn codes(html: &str) -> Vec<Code> {
    html.split("<svg class=\"qr\"").skip(1).map(code).collect()
}

fn code(svg: &str) -> Code {
    let svg = between(svg, "", "</svg>");
    let side: usize = between(svg, "viewBox=\"0 0 ", " ").parse().expect("a side");
    let mut dark = vec![vec![false; side]; side];
    let path = between(svg, " d=\"", "\"");
    for rectangle in path.split('M').skip(1) {
        let (x, rest) = rectangle.split_once(' ').expect("x");
        let (y, rest) = rest.split_once('h').expect("y");
        let length = between(rest, "", "v1");
        let [x, y, length] = [x, y, length].map(|it| it.parse::<usize>().expect("a number"));
        for module in &mut dark[y][x..x + length] {
            *module = true;
        }
    }
    let quiet = 4;
    let is_white = |(x, y): (usize, usize)| !dark[y][x];
    assert!((0..side).all(|at| is_white((at, 0)) && is_white((3, at)) && is_white((side - 4, at))));
    let size = side - 2 * quiet;
    let grid = rqrr::SimpleGrid::from_func(size, |x, y| dark[y + quiet][x + quiet]);
    let (meta, read) = rqrr::Grid::new(grid).decode().expect("a code that reads");
    let title = unescaped(between(svg, "<title>", "</title>"));
    Code { title, read, level: meta.ecc_level, version: meta.version.0 }
}

/// What stands between two texts.
pub(crate) fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).expect(from);
    rest.split_once(to).expect(to).0
}

/// Text as a browser reads it.
pub(crate) fn unescaped(text: &str) -> String {
    let marks = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    marks.iter().fold(text.to_owned(), |text, (mark, sign)| text.replace(mark, sign))
}
