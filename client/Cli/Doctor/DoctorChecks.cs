namespace FlowGrain.Cli.Doctor;

/// <summary>What <c>doctor</c> looks at, in the order of its lines.</summary>
internal static class DoctorChecks
{
    internal static IReadOnlyList<Func<CancellationToken, Task<Check>>> All(string? home) =>
    [
        RuntimeCheck.Run,
        ProcessorCheck.Run,
        TorchCheck.Run,
        .. home is null ? Array.Empty<Func<CancellationToken, Task<Check>>>() : [new HomeCheck(home).Run, new DiskCheck(home).Run],
        MemoryCheck.Run,
    ];
}
