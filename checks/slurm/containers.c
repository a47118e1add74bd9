/*
 * A stand-in for pyxis where it can't be built: a SPANK plugin that takes the same flags of srun, unpacks a squash file, mounts what is
 * asked for and changes into it. Containers of a name are kept, and shared by their steps. Root only.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <slurm/spank.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

SPANK_PLUGIN(sweepline_check_containers, 1)

enum { IMAGE, NAME, MOUNTS, WORKDIR, WITH_VALUE, ENV = WITH_VALUE };

static char *given[WITH_VALUE];

static int take(int which, const char *value, int remote) {
    (void)remote;
    if (which < WITH_VALUE) given[which] = strdup(value);
    return 0;
}

static struct spank_option options[] = {
    {"container-image", "FILE", "", 1, IMAGE, take},
    {"container-name", "NAME", "", 1, NAME, take},
    {"container-mounts", "FROM:TO[,…]", "", 1, MOUNTS, take},
    {"container-workdir", "FOLDER", "", 1, WORKDIR, take},
    {"container-env", "NAME[,…]", "", 1, ENV, take},
    {"container-mount-home", NULL, "", 0, ENV, take},
    {"no-container-mount-home", NULL, "", 0, ENV, take},
    {"container-remap-root", NULL, "", 0, ENV, take},
    {"container-writable", NULL, "", 0, ENV, take},
    {"no-container-entrypoint", NULL, "", 0, ENV, take},
    SPANK_OPTIONS_TABLE_END,
};

int slurm_spank_init(spank_t spank, int argc, char **argv) {
    (void)argc, (void)argv;
    for (struct spank_option *option = options; option->name != NULL; option++)
        if (spank_option_register(spank, option) != ESPANK_SUCCESS) return -1;
    return 0;
}

static int run(char *const argv[]) {
    int status;
    pid_t child = fork();
    if (child == 0) execvp(argv[0], argv), _exit(127);
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int mount_in(const char *root, const char *from, const char *to) {
    char target[4096];
    snprintf(target, sizeof target, "%s%s", root, to);
    if (run((char *[]){"mkdir", "-p", target, NULL}) != 0 || mount(from, target, NULL, MS_BIND | MS_REC, NULL) != 0) {
        slurm_error("containers: can't mount %s at %s: %m", from, to);
        return -1;
    }
    return 0;
}

/* One of the tasks of a node unpacks. */
static int unpack(const char *root) {
    char lock[4096];
    snprintf(lock, sizeof lock, "%s.lock", root);
    int file = open(lock, O_CREAT | O_RDWR, 0600);
    int code = flock(file, LOCK_EX);
    if (code == 0 && access(root, F_OK) != 0)
        code = run((char *[]){"unsquashfs", "-no-progress", "-quiet", "-dest", (char *)root, given[IMAGE], NULL});
    close(file);
    return code;
}

int slurm_spank_task_init_privileged(spank_t spank, int argc, char **argv) {
    (void)argc, (void)argv;
    if (given[IMAGE] == NULL) return 0;
    uint32_t job, step;
    char root[2048];
    spank_get_item(spank, S_JOB_ID, &job);
    spank_get_item(spank, S_JOB_STEPID, &step);
    if (given[NAME] != NULL) snprintf(root, sizeof root, "/tmp/container-%s", given[NAME]);
    else snprintf(root, sizeof root, "/tmp/container-%u.%u", job, step);
    if (unpack(root) != 0) {
        slurm_error("containers: can't unpack %s", given[IMAGE]);
        return -1;
    }
    // enroot unpacks images as the user.
    uid_t user;
    spank_get_item(spank, S_JOB_UID, &user);
    if (chown(root, user, (gid_t)-1) != 0) return -1;
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -1;
    for (const char **folder = (const char *[]){"/proc", "/dev", "/sys", NULL}; *folder != NULL; folder++)
        if (mount_in(root, *folder, *folder) != 0) return -1;
    char *rest = given[MOUNTS];
    for (char *pair = strsep(&rest, ","); pair != NULL; pair = strsep(&rest, ",")) {
        char *from = strsep(&pair, ":");
        if (mount_in(root, from, pair == NULL ? from : strsep(&pair, ":")) != 0) return -1;
    }
    return chroot(root) == 0 && chdir(given[WORKDIR] == NULL ? "/" : given[WORKDIR]) == 0 ? 0 : -1;
}
