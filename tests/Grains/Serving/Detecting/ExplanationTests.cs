using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Serving.Detecting;

/// <summary>Columns explained by models whose conditional densities are known.</summary>
public sealed class ExplanationTests : IDisposable
{
    private const int D = 4;

    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));

    public void Dispose() => _slots.Dispose();

    [Fact]
    public async Task Of_a_Gaussian_the_conditionals_are_exact_to_their_error()
    {
        var engine = Engine(Gaussian());
        var (rows, honest, errors) = (TestFlows.Rows(engine.Model.Flow, 40, spread: 4), 0, new List<double>());
        for (var row = 0; row < 40; row++)
        {
            var shares = await Explain(engine, rows.AsMemory(row * D, D));
            for (var column = 0; column < D; column++)
            {
                var exact = Exact(engine.Model, rows[(row * D)..((row + 1) * D)], column);
                honest += Math.Abs(shares[column].LogProb - exact) <= shares[column].Error ? 1 : 0;
                errors.Add(shares[column].Error);
            }
        }

        errors.Sort();
        Assert.True(honest >= 0.95 * errors.Count, $"{honest} of {errors.Count} are within their error");
        Assert.InRange(errors[(int)(0.95 * errors.Count)], 0, 0.05);
    }

    [Fact]
    public async Task The_column_that_was_changed_is_the_most_surprising_one()
    {
        var engine = Engine(Gaussian());
        for (var column = 0; column < D; column++)
        {
            double[] row = [.. engine.Model.Flow.Standardize().Shift];
            row[column] += 30 * engine.Model.Flow.Standardize().Scale[column];
            var shares = await Explain(engine, row);
            Assert.Equal($"x{column}", shares.MaxBy(share => share.Surprise)!.Column);
        }
    }

    [Fact]
    public async Task A_whole_number_stays_where_it_was_spread_while_others_change()
    {
        var spec = Gaussian();
        var table = new TableSpec([new LatticeColumn("x0", 1), .. spec.Columns.Skip(1).Select(name => new NumberColumn(name))], []);
        var engine = Engine(spec with { Table = table });
        double[] row = [-4, 6, 14, 27], spread = new double[D];
        engine.Encoder.Encode(row, spread);
        var (whole, plain) = (await Explain(engine, row), await Explain(Engine(spec), spread));
        Assert.NotEqual(row[0], spread[0]);
        Assert.Equal(plain.Select(share => share.LogProb), whole.Select(share => share.LogProb));
    }

    [Fact]
    public async Task Of_an_angle_the_integral_goes_once_round_its_circle()
    {
        var spec = TestFlows.Spec("nsf angles=1", 2);
        var circle = (CircleMap)spec.Marginal()!.Maps[0];
        var engine = Engine(spec with { Table = new TableSpec([new CircleColumn("x0", circle.Period, circle.From), new NumberColumn("x1")], []) });
        var shares = await Explain(engine, new[] { 5.0, 0.4 });
        var round = Enumerable.Range(0, 4000).SelectMany(i => new[] { circle.Period * i / 4000, 0.4 }).ToArray();
        var densities = TestFlows.ExactLogDensities(spec, engine.Model.Weights, [5, 0.4, .. round]);
        Assert.Equal(densities[0] - Math.Log(densities.Skip(1).Average(Math.Exp) * circle.Period), shares[0].LogProb, shares[0].Error);
        Assert.InRange(shares[0].Error, 0, 0.1);
        Assert.InRange(shares[0].Low, 0, circle.Period);
    }

    [Fact]
    public async Task What_a_row_lacks_is_unknown_and_the_others_are_judged_by_what_is_there()
    {
        var spec = TestFlows.Spec("maf missing=1", 3);
        var table = new TableSpec([.. spec.Columns.Select((name, i) => new NumberColumn(name) { Fill = spec.Missing!.Value.Contains(i) ? spec.Standardize().Shift[i] : null })], []);
        var engine = Engine(spec with { Table = table, Context = table.FlowContext });
        var shares = await Explain(engine, new[] { double.NaN, 5.0, 15.0 });
        Assert.Equal([true, false, false], shares.Select(share => double.IsNaN(share.LogProb)));
        Assert.All(shares.Skip(1), share => Assert.True(double.IsFinite(share.Error)));
    }

    [Fact]
    public async Task A_row_without_a_density_is_not_explained()
    {
        var engine = Engine(Gaussian());
        Assert.All(await new Explanation(engine, Never, 100).Of(new double[D], float.NaN), share => Assert.True(double.IsNaN(share.LogProb)));

        static Task<Densities> Never(Block<double> rows) => throw new InvalidOperationException("It was asked for densities.");
    }

    [Fact]
    public async Task A_wide_row_asks_for_no_more_memory_at_once_than_a_narrow_one_and_is_told_how_much_that_is()
    {
        const int Wide = 200, Megabyte = 1 << 20;

        var (engine, largest, asked) = (Engine(TestFlows.Spec("nice", Wide)), 0, 0);
        var explanation = new Explanation(engine, Flat, mostRows: 1 << 16);
        Assert.Equal(Wide, (await explanation.Of(new double[Wide], 0)).Length);
        Assert.InRange(largest * sizeof(double), Megabyte / 2, Megabyte);
        Assert.Equal(largest, explanation.RowsAtOnce * Wide);
        Assert.InRange(explanation.Bytes, 2 * Megabyte - 4096, 4 * Megabyte);
        Assert.Equal(Wide * ConditionalDensity.Calls, asked);

        Task<Densities> Flat(Block<double> rows)
        {
            largest = Math.Max(largest, rows.Length);
            asked += rows.Length / Wide;
            return Task.FromResult(new Densities(new Block<float>(new float[rows.Length / Wide]), null));
        }
    }

    [Fact]
    public async Task How_many_rows_are_asked_for_at_once_changes_no_share()
    {
        var engine = Engine(Gaussian());
        double[] row = [-4, 6, 14, 27];
        Assert.Equal(await Explain(engine, row), await Explain(engine, row, mostRows: 7));
    }

    private static async Task<ImmutableArray<ColumnShare>> Explain(ModelEngine engine, ReadOnlyMemory<double> row, int mostRows = 100)
    {
        var own = await engine.LogDensity(new Block<double>(row.ToArray()), latent: false, default);
        return await new Explanation(engine, rows => engine.LogDensity(rows, latent: false, default), mostRows).Of(row, own.LogDensity.Span[0]);
    }

    /// <summary>A full Gaussian, exactly: one linear map of standardised columns.</summary>
    private static FlowSpec Gaussian()
    {
        var spec = TestFlows.Spec("nice", D);
        return spec with { Transforms = [spec.Transforms[0], new LuLinearSpec()] };
    }

    private ModelEngine Engine(FlowSpec spec) => new(StoredModels.Of("m", 1, spec, TestFlows.Weights(spec, spread: 0.4)), _slots, new ServingOptions(), TimeProvider.System);

    /// <summary>The logarithm of a normal density is a parabola, which three points in float64 give.</summary>
    private static double Exact(StoredModel model, double[] row, int column)
    {
        var h = model.Flow.Standardize().Scale[column];
        double[] rows = [.. new[] { -h, 0, h }.SelectMany(step => row.Select((value, i) => i == column ? value + step : value))];
        var (below, here, above) = TestFlows.ExactLogDensities(model.Flow, model.Weights, rows) is [var a, var b, var c] ? (a, b, c) : default;
        var (slope, curvature) = ((above - below) / (2 * h), (above - 2 * here + below) / (h * h));
        return slope * slope / (2 * curvature) + Math.Log(-curvature / (2 * Math.PI)) / 2;
    }
}
