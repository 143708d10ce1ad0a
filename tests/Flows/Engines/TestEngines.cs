using System.Runtime.Intrinsics.X86;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Kernels;

namespace FlowGrain.Tests.Flows.Engines;

/// <summary>The engines that laws are tried on.</summary>
public static class TestEngines
{
    /// <summary>Every engine and every preset in few columns, with and without context.</summary>
    public static TheoryData<string, string, int, int> Shapes =>
    [
        .. from engine in All from kind in TestFlows.Kinds from d in new[] { 1, 2, 5 } from c in new[] { 0, 2 }
           where engine.Value.Runs(TestFlows.Spec(kind, d, c)) select new TheoryDataRow<string, string, int, int>(engine.Key, kind, d, c),
    ];

    /// <summary>Those that have a density everywhere.</summary>
    public static TheoryData<string, string, int, int> Unbounded => [.. Shapes.Where(shape => TestFlows.Spec(shape.Data.Item2, shape.Data.Item3, shape.Data.Item4).Marginal() is null)];

    /// <summary>Those with context.</summary>
    public static TheoryData<string, string, int, int> Conditional =>
    [
        .. from engine in All from kind in TestFlows.Kinds from d in new[] { 1, 2, 5 }
           where engine.Value.Runs(TestFlows.Spec(kind, d, 2)) select new TheoryDataRow<string, string, int, int>(engine.Key, kind, d, 2),
    ];

    public static TheoryData<string> Names => [.. All.Keys.Where(engine => All[engine].Runs(TestFlows.Spec("nsf", 2)))];

    internal static Dictionary<string, (Func<FlowSpec, bool> Runs, Func<FlowSpec, IFlowEngine> Create)> All { get; } = new()
    {
        ["torch"] = (_ => true, spec => new TorchEngine(spec)),
        ["kernels, 8 lanes"] = (KernelEngine.Runs, spec => new KernelEngine<Lanes8>(spec)),
        ["kernels, 16 lanes"] = (spec => Avx512F.IsSupported && KernelEngine.Runs(spec), spec => new KernelEngine<Lanes16>(spec)),
    };

    /// <summary>An engine with weights far from the identity.</summary>
    internal static IFlowEngine Engine(string name, FlowSpec spec)
    {
        var engine = All[name].Create(spec);
        TestFlows.Weights(spec).CopyTo(engine.Parameters);
        return engine;
    }

    internal static bool Same(float a, float b) => BitConverter.SingleToUInt32Bits(a) == BitConverter.SingleToUInt32Bits(b);
}
