/* Writes down, in order, what a process does to the files below a directory.
 *
 * Loaded with LD_PRELOAD; RECORD_BELOW names the directory, RECORD_TO the record. Needs no headers,
 * so that any C compiler will do. A record is one character, four numbers of eight bytes (file,
 * offset or flags, length, order) and `length` bytes.
 */
typedef unsigned long size;
typedef long offset;

struct iovec { void *base; size length; };
extern void *dlsym(void *, const char *);
extern char *getenv(const char *);
extern int pthread_mutex_lock(void *), pthread_mutex_unlock(void *);
extern long lseek64(int, offset, int), writev(int, const struct iovec *, int);
extern size strlen(const char *);
extern int strncmp(const char *, const char *, size);

#define NEXT(name) dlsym((void *)-1L, name)
#define MOST 4096
#define O_CREAT 0100
#define O_TRUNC 01000

static long lock[16]; /* zero is an unlocked mutex */
static long file_of[MOST];
static long files = 1, order = 1;
static int record = -1;
static const char *below;

static int (*real_open)(const char *, int, unsigned);

static void begin(void)
{
    if (real_open)
        return;
    real_open = (int (*)(const char *, int, unsigned))NEXT("open64");
    const char *to = getenv("RECORD_TO");
    below = getenv("RECORD_BELOW");
    if (to && below)
        record = real_open(to, 02001 | O_CREAT, 0600); /* append only */
}

static int ours(const char *path)
{
    begin();
    return record >= 0 && path && !strncmp(path, below, strlen(below));
}

static long of(int fd)
{
    return record >= 0 && fd >= 0 && fd < MOST ? file_of[fd] : 0;
}

static void note(char kind, long file, long where, const void *data, size length)
{
    char head[33];
    long numbers[4];
    unsigned i;
    struct iovec parts[2];
    numbers[0] = file, numbers[1] = where, numbers[2] = (long)length, numbers[3] = order++;
    head[0] = kind;
    for (i = 0; i < sizeof numbers; i++)
        head[1 + i] = ((char *)numbers)[i];
    parts[0].base = head, parts[0].length = 33;
    parts[1].base = (void *)data, parts[1].length = length;
    writev(record, parts, 2);
}

static int opened(const char *path, int flags, int fd)
{
    if (fd >= 0 && fd < MOST) {
        file_of[fd] = 0;
        if (ours(path)) {
            file_of[fd] = files++;
            note('O', file_of[fd], flags & (O_CREAT | O_TRUNC), path, strlen(path));
        }
    }
    return fd;
}

int open64(const char *path, int flags, unsigned mode)
{
    int fd;
    begin();
    pthread_mutex_lock(lock);
    fd = opened(path, flags, real_open(path, flags, mode));
    pthread_mutex_unlock(lock);
    return fd;
}

int open(const char *path, int flags, unsigned mode) { return open64(path, flags, mode); }

int close(int fd)
{
    int (*real)(int) = (int (*)(int))NEXT("close");
    int result;
    pthread_mutex_lock(lock);
    if (fd >= 0 && fd < MOST)
        file_of[fd] = 0;
    result = real(fd);
    pthread_mutex_unlock(lock);
    return result;
}

long write(int fd, const void *data, size length)
{
    long (*real)(int, const void *, size) = (long (*)(int, const void *, size))NEXT("write");
    long done;
    if (!of(fd))
        return real(fd, data, length);
    pthread_mutex_lock(lock);
    done = real(fd, data, length);
    if (done > 0)
        note('W', of(fd), lseek64(fd, 0, 1) - done, data, (size)done);
    pthread_mutex_unlock(lock);
    return done;
}

long pwrite64(int fd, const void *data, size length, offset where)
{
    long (*real)(int, const void *, size, offset) =
        (long (*)(int, const void *, size, offset))NEXT("pwrite64");
    long done;
    if (!of(fd))
        return real(fd, data, length, where);
    pthread_mutex_lock(lock);
    done = real(fd, data, length, where);
    if (done > 0)
        note('W', of(fd), where, data, (size)done);
    pthread_mutex_unlock(lock);
    return done;
}

long pwrite(int fd, const void *data, size length, offset where)
{
    return pwrite64(fd, data, length, where);
}

int ftruncate64(int fd, offset length)
{
    int (*real)(int, offset) = (int (*)(int, offset))NEXT("ftruncate64");
    int result;
    pthread_mutex_lock(lock);
    result = real(fd, length);
    if (!result && of(fd))
        note('T', of(fd), length, "", 0);
    pthread_mutex_unlock(lock);
    return result;
}

int ftruncate(int fd, offset length) { return ftruncate64(fd, length); }

static int synced(int fd, const char *how)
{
    int (*real)(int) = (int (*)(int))NEXT(how);
    int result;
    pthread_mutex_lock(lock);
    result = real(fd);
    if (!result && of(fd))
        note('S', of(fd), 0, "", 0);
    pthread_mutex_unlock(lock);
    return result;
}

int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = (int (*)(const char *, const char *))NEXT("rename");
    int result;
    pthread_mutex_lock(lock);
    result = real(from, to);
    if (!result && ours(from)) {
        note('R', 0, 0, from, strlen(from));
        note('r', 0, 0, to, strlen(to));
    }
    pthread_mutex_unlock(lock);
    return result;
}

int unlink(const char *path)
{
    int (*real)(const char *) = (int (*)(const char *))NEXT("unlink");
    int result;
    pthread_mutex_lock(lock);
    result = real(path);
    if (!result && ours(path))
        note('U', 0, 0, path, strlen(path));
    pthread_mutex_unlock(lock);
    return result;
}
