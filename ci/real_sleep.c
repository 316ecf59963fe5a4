/* libfaketime 0.9.10 reads the absolute deadline of clock_nanosleep as a time of day even where it leaves the monotonic clock alone,
   so that every sleep of Python 3.11 fails. Loaded before it, this gives the call to the kernel as it is. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left) {
    return syscall(SYS_clock_nanosleep, clock, flags, wanted, left) == 0 ? 0 : errno;
}
