"""Small repositories, each with the benchmarks of one language, as people have them."""

from dataclasses import dataclass

NODE = {
    "package.json": '{"name": "toy", "scripts": {"bench": "node bench/sum.js"}}',
    "bench/sum.js": "let sum = 0; for (let i = 0; i < 50_000_000; i++) sum += i;\n"
    "console.log(sum);\n",
}
C = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(toy C)\n"
    "add_subdirectory(bench)\n",
    "bench/CMakeLists.txt": "add_executable(loop_bench loop.c)\n",
    "bench/loop.c": "int main(void) { volatile long s = 0; "
    "for (long i = 0; i < 50000000; i++) s += i; return 0; }\n",
    ".gitignore": "build/\n",
}
MESON = {
    "meson.build": "project('toy', 'c')\nexecutable('bench_loop', 'bench/loop.c')\n",
    "bench/loop.c": C["bench/loop.c"],
    ".gitignore": "build/\n",
}
GO = {
    "go.mod": "module toy\n\ngo 1.19\n",
    "codec/sum_test.go": 'package codec\n\nimport "testing"\n\nvar sink int\n\n'
    "func BenchmarkSum(b *testing.B) {\n"
    "\tfor i := 0; i < b.N; i++ {\n\t\tfor j := 0; j < 500000; j++ {\n"
    "\t\t\tsink += j\n\t\t}\n\t}\n}\n",
    ".gitignore": "*.test\n",
}
RUST = {
    "Cargo.toml": '[workspace]\nmembers = ["toy"]\nresolver = "2"\n',
    "toy/Cargo.toml": '[package]\nname = "toy"\nversion = "0.1.0"\nedition = "2021"\n\n'
    '[[bench]]\nname = "fold"\nharness = false\n',
    "toy/src/lib.rs": "pub fn fold(n: u64) -> u64 { "
    "(0..n).fold(0, |a, b| std::hint::black_box(a ^ b)) }\n",
    "toy/benches/fold.rs": 'fn main() { println!("{}", toy::fold(50_000_000)); }\n',
    ".gitignore": "target/\n",
}
PYTEST = {
    "pyproject.toml": '[project]\nname = "toy"\nversion = "0.1"\n'
    '[tool.setuptools]\npackages = ["toy"]\n',
    "toy/__init__.py": "def add(n):\n    return sum(x ^ 1 for x in range(n))\n",
    "tests/test_speed.py": "import toy\n\n\ndef test_add(benchmark):\n"
    "    assert benchmark(toy.add, 200_000) > 0\n",
    ".gitignore": ".venv/\nbuild/\n*.egg-info/\n",
}
FUNCTION = {
    "py/pyproject.toml": PYTEST["pyproject.toml"],
    "py/toy/__init__.py": PYTEST["toy/__init__.py"],
    "py/benchmarks/bench_toy.py": "import toy\n\n\ndef bench_add():\n    toy.add(100_000)\n",
    ".gitignore": PYTEST[".gitignore"],
}
RUBY = {
    "Gemfile": "source 'https://rubygems.org'\n",
    "benchmark/sum_benchmark.rb": "sum = 0\n5_000_000.times { |i| sum += i }\nputs sum\n",
    ".gitignore": "Gemfile.lock\n",
}
PHP = {
    "composer.json": '{"name": "toy/toy", "autoload": {"psr-4": {"Toy\\\\": "src/"}}}',
    "src/Sum.php": "<?php\nnamespace Toy;\nclass Sum { static function of($n) "
    "{ $s = 0; for ($i = 0; $i < $n; $i++) { $s += $i; } return $s; } }\n",
    "bench/sum.php": "<?php\nrequire __DIR__ . '/../vendor/autoload.php';\n"
    "echo Toy\\Sum::of(20000000);\n",
    ".gitignore": "vendor/\ncomposer.lock\n",
}
SHELL = {"bench/walk.sh": "#!/bin/sh\nhyperfine --warmup 3 -N 'sh bench/count.sh'\n"} | {
    "bench/count.sh": "i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done\n"
}
MAKE = {"Makefile": "bench:\n\tsh count.sh\n", "count.sh": SHELL["bench/count.sh"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    """One repository."""

    files: dict[str, str]
    tool: str
    """That has to be there to build it."""
    key: str
    """What is measured."""
    place: str
    """The file that says how much is done."""
    amount: str
    more: str
    """What stands in the place of `amount` for four times the work."""


_COUNT = {"amount": "-lt 50000", "more": "-lt 200000"}
_RANGE = {"amount": "range(n)", "more": "range(4 * n)"}
_LITERAL = {"amount": "50_000_000", "more": "200_000_000"}
_C = {"place": "bench/loop.c", "amount": "50000000", "more": "200000000"}

TOYS = {
    "node": Toy(files=NODE, tool="node", key="node/sum", place="bench/sum.js", **_LITERAL),
    "cmake": Toy(files=C, tool="cmake", key="programs/loop_bench", **_C),
    "meson": Toy(files=MESON, tool="meson", key="programs/bench_loop", **_C),
    "go": Toy(
        files=GO,
        tool="go",
        key="codec/toy/codec.BenchmarkSum",
        place="codec/sum_test.go",
        amount="500000",
        more="2000000",
    ),
    "rust": Toy(
        files=RUST, tool="cargo", key="toy-cargo/fold", place="toy/benches/fold.rs", **_LITERAL
    ),
    "pytest": Toy(
        files=PYTEST,
        tool="python3",
        key="pytest/tests/test_speed.py::test_add",
        place="toy/__init__.py",
        **_RANGE,
    ),
    "function": Toy(
        files=FUNCTION, tool="python3", key="toy/add", place="py/toy/__init__.py", **_RANGE
    ),
    "ruby": Toy(
        files=RUBY,
        tool="bundle",
        key="ruby/sum_benchmark",
        place="benchmark/sum_benchmark.rb",
        amount="5_000_000",
        more="20_000_000",
    ),
    "php": Toy(
        files=PHP,
        tool="composer",
        key="php/sum",
        place="src/Sum.php",
        amount="$i < $n",
        more="$i < 4 * $n",
    ),
    "hyperfine": Toy(
        files=SHELL, tool="sh", key="hyperfine/walk", place="bench/count.sh", **_COUNT
    ),
    "make": Toy(files=MAKE, tool="make", key="make/bench", place="count.sh", **_COUNT),
}
