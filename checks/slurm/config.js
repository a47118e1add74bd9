// @ts-check

/** Address of the login node, where slurmctld is; nodes follow it. */
export const LOGIN = { name: 'login', address: '10.77.0.10' };

/** @param {number} count @returns {{name: string, address: string}[]} */
export function nodesOf(count) {
  return Array.from({ length: count }, (_, index) => ({
    name: `n${index + 1}`,
    address: `10.77.0.${index + 11}`,
  }));
}

/** @param {string} name of a node, such as n3 */
export function addressOf(name) {
  const number = Number(name.slice(1));
  return nodesOf(number)[number - 1]?.address ?? '';
}

/**
 * A cluster that decides at once, and ends what fails within seconds. Its last node is for others alone; one more is never powered on.
 * @param {string} root @param {number} count
 */
export function slurmConf(root, count) {
  return `ClusterName=sweepline-check
SlurmctldHost=${LOGIN.name}(${LOGIN.address})
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${root}/run/munge.socket
CredType=cred/munge
StateSaveLocation=${root}/state
SlurmdSpoolDir=${root}/spool/%n
SlurmctldPidFile=${root}/run/slurmctld.pid
SlurmdPidFile=${root}/run/slurmd-%n.pid
SlurmctldLogFile=${root}/log/slurmctld.log
SlurmdLogFile=${root}/log/slurmd-%n.log
PlugStackConfig=${root}/etc/plugstack.conf
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
GresTypes=gpu
ReturnToService=2
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldTimeout=30
SlurmdTimeout=6
KillWait=2
MinJobAge=600
MessageTimeout=5
BatchStartTimeout=10
UnkillableStepTimeout=10
JobRequeue=1
DefMemPerCPU=256
NodeName=n[1-${count}] NodeHostname=${LOGIN.name} NodeAddr=10.77.0.[11-${count + 10}] Port=[16917-${16916 + count}] CPUs=16 SocketsPerBoard=2 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=20000 Gres=gpu:h100:8 State=UNKNOWN
SuspendTime=3600
SuspendExcNodes=n[1-${count}]
SuspendProgram=/bin/true
ResumeProgram=/bin/false
ResumeTimeout=5
NodeName=c1 NodeAddr=10.77.0.99 CPUs=16 SocketsPerBoard=2 CoresPerSocket=8 ThreadsPerCore=1 RealMemory=20000 Gres=gpu:h100:8 State=CLOUD
PartitionName=cloud Nodes=c1 MaxTime=1:00:00 DefaultTime=0:10:00 State=UP
PartitionName=gpu Nodes=n[1-${count - 1}] Default=YES MaxTime=1:00:00 DefaultTime=0:10:00 State=UP OverSubscribe=NO PriorityTier=1
PartitionName=urgent Nodes=n[1-${count - 1}] MaxTime=1:00:00 DefaultTime=0:10:00 State=UP OverSubscribe=NO PriorityTier=10
PartitionName=h100 Nodes=n[1-${count - 1}] MaxTime=4:00:00 DefaultTime=0:10:00 State=UP OverSubscribe=NO PriorityTier=1
PartitionName=others Nodes=n${count} MaxTime=1:00:00 DefaultTime=1:00:00 State=UP
`;
}

/** Devices that stand for GPUs. @param {string} root @param {number} count */
export function gresConf(root, count) {
  return `NodeName=n[1-${count}],c1 Name=gpu Type=h100 File=${root}/dev/nvidia[0-7] Flags=nvidia_gpu_env\n`;
}
