/* A known amount of memory: `hold MEBIBYTES` touches it, and prints its own peak in KiB. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **words) {
    size_t size = (size_t)(count > 1 ? atol(words[1]) : 1) << 20;
    char *memory = malloc(size), line[256];
    if (!memory) return 1;
    memset(memory, 1, size);
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6)) printf("%ld\n", atol(line + 6));
    return memory[size / 2] != 1;
}
