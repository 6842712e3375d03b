using Xunit.Sdk;
using Xunit.v3;

// They measure leases: on a machine with two cores they take turns.
[assembly: Parallelization(Mode = ParallelMode.None)]
