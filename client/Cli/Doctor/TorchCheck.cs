using FlowGrain.Flows.Native;

namespace FlowGrain.Cli.Doctor;

/// <summary>Whether libtorch loads.</summary>
internal static class TorchCheck
{
    internal static Task<Check> Run(CancellationToken cancellation)
    {
        var report = TorchNative.Describe();
        return Task.FromResult(new Check("libtorch", report.IsLoaded ? CheckStatus.Ok : CheckStatus.Fail, report.Message, report.Fix));
    }
}
