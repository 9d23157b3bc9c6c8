"""Java, .NET, Ruby and PHP: how they are built, and the scripts that can be run as they are."""

from perfci.scaffold.found import Part, Toolchain
from perfci.scaffold.scripts import is_bench_of, named
from perfci.scaffold.tree import Tree


def java(tree: Tree, folder: str) -> Part:
    """Return how Maven or Gradle builds it; JMH measures by itself."""
    maven = tree.has(folder, "pom.xml")
    wrapper = tree.has(folder, "gradlew")
    build = "./gradlew -q assemble" if wrapper else "gradle -q assemble"
    files = tree.under(folder, "pom.xml", "build.gradle", "build.gradle.kts")
    return Part(
        language="Java",
        setup=("mvn -q -B -DskipTests package" if maven else build,),
        folder=folder,
        toolchain=Toolchain(
            action="actions/setup-java@v5",
            options=(("distribution", "temurin"), ("java-version", "21")),
            packages=("default-jdk-headless", "maven" if maven else "gradle"),
        ),
        unused=("JMH",) if any("jmh" in tree.text(path) for path in files) else (),
    )


def dotnet(tree: Tree, folder: str) -> Part:
    """Return how .NET builds it; BenchmarkDotNet measures by itself."""
    projects = tree.under(folder, ".csproj")
    return Part(
        language=".NET",
        setup=("dotnet build -v quiet -c Release",),
        folder=folder,
        toolchain=Toolchain(
            action="actions/setup-dotnet@v5", options=(("dotnet-version", "8.0.x"),)
        ),
        unused=("BenchmarkDotNet",)
        if any("BenchmarkDotNet" in tree.text(path) for path in projects)
        else (),
    )


def ruby(tree: Tree, folder: str) -> Part:
    """Return Ruby's scripts in benchmark folders."""
    timed = "Benchmark.ips"
    files = [path for path in tree.under(folder, ".rb") if is_bench_of(folder, path)]
    words = ("bundle", "exec", "ruby")
    return Part(
        language="Ruby",
        benchmarks=tuple(
            named(path, suite="ruby", words=words, folder=folder)
            for path in files
            if timed not in tree.text(path)
        ),
        # a machine's own folder for gems may belong to root
        setup=("bundle config set --local path vendor/bundle", "bundle install --quiet"),
        folder=folder,
        toolchain=Toolchain(packages=("ruby", "bundler")),
        unused=("benchmark-ips",) if any(timed in tree.text(path) for path in files) else (),
    )


def php(tree: Tree, folder: str) -> Part:
    """Return PHP's scripts in benchmark folders."""
    timed = "PhpBench"
    files = [path for path in tree.under(folder, ".php") if is_bench_of(folder, path)]
    return Part(
        language="PHP",
        benchmarks=tuple(
            named(path, suite="php", words=("php",), folder=folder)
            for path in files
            if timed not in tree.text(path)
        ),
        setup=("composer install --quiet --no-interaction",),
        folder=folder,
        toolchain=Toolchain(packages=("php-cli", "composer")),
        unused=("PHPBench",) if any(timed in tree.text(path) for path in files) else (),
    )
