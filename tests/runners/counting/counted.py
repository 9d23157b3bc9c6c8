"""What the tests of instruction counts share: programs of known length, and what was counted."""

import shutil
import subprocess
from pathlib import Path

import pytest

from perfci.model.measurement import Clock, Side
from perfci.ports import LaunchReport

HERE = shutil.which("valgrind") is not None and shutil.which("cc") is not None
needs_valgrind = pytest.mark.skipif(not HERE, reason="needs valgrind and a C compiler")

LENGTH = 100
"""Instructions in the body of each loop below; the loop itself adds a few."""

_WORK = f"""
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
static void work(long n) {{ while (n-- > 0) __asm__ volatile(".rept {LENGTH}\\nnop\\n.endr"); }}
static int counted(void) {{ char *it = getenv("LD_PRELOAD"); return it && strstr(it, "vgpre"); }}
"""
_PROGRAMS = {
    "loop": """
int main(void) {
    long n = 0; FILE *file = fopen("length", "r");
    if (file) { fscanf(file, "%ld", &n); fclose(file); }
    work(n); return 0;
}""",
    "forks": """
int main(void) {
    long before = 0, child = 0; FILE *file = fopen("length", "r");
    fscanf(file, "%ld %ld", &before, &child); fclose(file);
    work(before);
    if (fork() == 0) { work(child); return 0; }
    wait(0); return 0;
}""",
    "unknown": """
int main(void) {
    if (counted()) __asm__ volatile(".byte 0x62,0xf0,0x7c,0x48,0x58,0xc0");
    return 0;
}""",
}


def compiled(name: str, *roots: Path) -> None:
    """Compile a program into `./name` of every root."""
    source = roots[0].parent / f"{name}.c"
    source.write_text(_WORK + _PROGRAMS[name])
    built = source.with_suffix("")
    subprocess.run(["cc", "-O1", "-w", "-o", built, source], check=True)
    for root in roots:
        shutil.copy2(built, root / name)


def count(report: LaunchReport, side: Side = Side.HEAD, metric: str = "instructions") -> float:
    (value,) = report.launches[side][metric].clocks[Clock.VALUE]
    return value


WHERE_COUNTED = 'case "$LD_PRELOAD" in *vgpre*)'
"""Begins a shell's case that holds only while valgrind counts."""
