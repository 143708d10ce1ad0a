using System.Runtime.Intrinsics.X86;

namespace FlowGrain.Cli.Doctor;

/// <summary>Whether the fast kernels can run.</summary>
internal static class ProcessorCheck
{
    internal static Task<Check> Run(CancellationToken cancellation) => Task.FromResult(Avx2.IsSupported && Fma.IsSupported
        ? new Check("CPU", CheckStatus.Ok, $"AVX2 and FMA{(Avx512F.IsSupported ? ", AVX-512 too" : "")}: the fast kernels run")
        : new Check("CPU", CheckStatus.Warn, "no AVX2 with FMA: flows run through libtorch, about three times slower", "use a processor made after 2013 for full speed"));
}
