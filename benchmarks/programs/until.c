/* A known time: `until MILLISECONDS` computes until they have passed. */
#include <stdlib.h>
#include <time.h>

int main(int count, char **words) {
    struct timespec begun, now;
    long long wanted = (count > 1 ? atoll(words[1]) : 1) * 1000000;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - begun.tv_sec) * 1000000000LL + now.tv_nsec - begun.tv_nsec < wanted);
    return 0;
}
