using System.IO.Hashing;
using System.Runtime.InteropServices;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Tests.Flows.Engines;

/// <summary>The bits that <see cref="KernelEngine.Name"/> stands for: runs resume, verify and compare by it. Whoever changes one of them gives it the next number.</summary>
public sealed class KernelBits
{
    [Theory]
    [InlineData("nice", 0x624fcc44b21b6b48)]
    [InlineData("realnvp", 0xedd36923bbfc2197)]
    [InlineData("maf", 0xfeefb2d2f98caa78)]
    [InlineData("iaf", 0x32c4e0c1e2a74c26)]
    [InlineData("nsf", 0xeb707a8f70acea9f)]
    [InlineData("nsf octaves=4", 0x31406f5c823d29e3)]
    [InlineData("nsf-ar", 0xa7b870649bed0ea0)]
    public void The_bits_of_this_version_never_change(string kind, ulong hash)
    {
        var spec = TestFlows.Spec(kind, 5);
        if (!KernelEngine.Runs(spec)) Assert.Skip("This processor has no AVX2.");
        using var engine = KernelEngine.Create(spec);
        TestFlows.Weights(spec).CopyTo(engine.Parameters);
        var rows = TestFlows.Rows(spec, 150);
        var (gradient, scores, latent, draws) = (new float[engine.Parameters.Length], new float[150], new float[rows.Length], new double[rows.Length]);
        engine.Gradient(rows, gradient);
        engine.LogDensity(rows, scores, latent);
        engine.Generate(latent, [], draws);
        var bits = new XxHash3();
        foreach (var floats in new[] { gradient, scores, latent }) bits.Append(MemoryMarshal.AsBytes<float>(floats));
        bits.Append(MemoryMarshal.AsBytes<double>(draws));
        Assert.Equal(("kernels-4-avx2", $"{hash:x16}"), (KernelEngine.Name, $"{bits.GetCurrentHashAsUInt64():x16}"));
    }
}
