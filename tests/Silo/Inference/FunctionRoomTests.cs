using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using FlowGrain.Tests.Grains.Serving;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Memory that the functions of a model ask for before they take it.</summary>
public sealed class FunctionRoomTests : IDisposable
{
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));

    public void Dispose() => _slots.Dispose();

    [Fact]
    public async Task An_explanation_asks_for_the_rows_of_all_that_it_explains_at_once()
    {
        var engine = Engine(StoredModels.Gaussian("m") with { Reference = new Reference([-1, -2, -3], [1, 2, 3]) });
        var plain = await Reserved(ModelFunction.Of(engine, DetectFunction.Suffix), rows: 5, context: 0, "p_value");
        var explained = await Reserved(ModelFunction.Of(engine, DetectFunction.Suffix), rows: 5, context: 0, "p_value", "explanation");
        var asked = 5 * 2 * ConditionalDensity.CallsAtOnce * engine.Width * sizeof(double); // of every row, for each of two columns
        Assert.InRange(explained - plain, asked, 100 * asked);
    }

    [Fact]
    public async Task Where_there_is_no_room_for_an_explanation_nothing_is_computed()
    {
        var engine = Engine(StoredModels.Gaussian("m") with { Reference = new Reference([-1, -2, -3], [1, 2, 3]) });
        var request = Request(rows: 1, context: 0, "explanation") with { Reserve = bytes => throw new OverloadedException($"{bytes} are too many.") };
        await Assert.ThrowsAsync<OverloadedException>(() => ModelFunction.Of(engine, DetectFunction.Suffix).Infer(request, TestContext.Current.CancellationToken));
        Assert.Equal(0, engine.Statistics.Rows);
    }

    [Fact]
    public async Task Rows_that_are_put_together_from_columns_and_context_are_asked_for()
    {
        var (plain, given) = (Engine(StoredModels.Some("m")), Engine(StoredModels.Some("given", context: 1)));
        var more = await Reserved(ModelFunction.Of(given, suffix: ""), rows: 100, context: 1) - await Reserved(ModelFunction.Of(plain, suffix: ""), rows: 100, context: 0);
        Assert.Equal(100 * 3 * sizeof(double), more);
    }

    private static async Task<long> Reserved(ModelFunction function, int rows, int context, params string[] outputs)
    {
        var reserved = 0L;
        await function.Infer(Request(rows, context, outputs) with { Reserve = bytes => reserved += bytes }, TestContext.Current.CancellationToken);
        return reserved;
    }

    private static InferenceRequest Request(int rows, int context, params string[] outputs) => new()
    {
        Inputs = [Zeros("x", rows, 2), .. outputs.Length == 0 ? ImmutableArray<Tensor>.Empty : [new Tensor("threshold", Datatype.Double, [1], [0], [])], .. context == 0 ? ImmutableArray<Tensor>.Empty : [Zeros("context", rows, context)]],
        Outputs = [.. outputs.Select(output => new RequestedOutput(output, Binary: null))],
    };

    private static Tensor Zeros(string name, int rows, int columns) => new(name, Datatype.Single, [rows, columns], new double[rows * columns], []);

    private ModelEngine Engine(StoredModel model) => new(model, _slots, new ServingOptions(), TimeProvider.System);
}
