/* A known amount of computing: `spin TIMES`. */
#include <stdlib.h>

int main(int count, char **words) {
    volatile unsigned value = 1;
    for (long left = count > 1 ? atol(words[1]) : 1; left > 0; left--) value = value * 1664525u + 1013904223u;
    return value == 0;
}
