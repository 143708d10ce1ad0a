using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Flows.Marginals;
using FlowGrain.Tests.Grains.Data;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>What is fitted to columns has seen the training rows alone.</summary>
public sealed class TrainingColumnsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Quantiles_and_deviations_are_those_of_the_training_rows()
    {
        using var dataset = Tables.Import(_folder, Tables.All(_folder.Write("t.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 999).Select(row => $"{row * row % 1009}.5,{row % 31}.25\n")))));
        var data = Of(dataset, validation: 0.5);
        var rows = new double[data.Split.TrainRows * 2];
        data.Split.Gather(RowSide.Train, 0, (int)data.Split.TrainRows, rows);
        double[] a = [.. rows.Where((_, i) => i % 2 == 0).Order()];
        var columns = new TrainingColumns(data);
        Assert.InRange(a.Length, 400, 600);
        Assert.Equal(a[a.Length / 2], columns.Quantile(0, 0.5));
        Assert.Equal(a[a.Length / 4], columns.Quantile(0, 0.25));
        Assert.Equal(Math.Sqrt(a.Average(value => value * value) - Math.Pow(a.Average(), 2)), columns.Deviation(0), 1e-6);
    }

    [Fact]
    public void A_robust_column_and_a_filled_one_do_not_look_at_a_validation_file()
    {
        var train = _folder.Write("train.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 101).Select(row => $"{row}.5,{(row % 10 == 0 ? "" : $"{row}.25")}\n")));
        var held = _folder.Write("held.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 301).Select(row => $"{5000 + row}.5,{7000 + row}.25\n")));
        var selection = Tables.All(train, MissingRows.Mask) with { Validation = held, Kinds = ImmutableSortedDictionary<string, string>.Empty.Add("a", "robust") };
        using var dataset = Tables.Import(_folder, selection);
        var fit = new TableFit(Of(dataset, validation: 0), selection);
        Assert.Equal(50.5, Assert.IsType<ArcsinhMap>(fit.Marginal("train.csv")!.Maps[0]).Center, 1e-3); // as near as float32 keeps it
        Assert.InRange(fit.Table([false, true]).Columns[1].Fill!.Value, 45, 56);
    }

    private static TrainingData Of(Dataset dataset, double validation)
    {
        var split = Split.Of(dataset, new SplitFractions(Seed: 0, validation, Test: 0));
        return new TrainingData(dataset, split, new EpochOrder(split, seed: 0));
    }
}
