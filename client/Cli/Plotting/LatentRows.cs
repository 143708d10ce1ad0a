using System.Globalization;
using FlowGrain.Cli.Commands;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>The latents g(x) of rows, coordinate by coordinate; at most <see cref="TableRows.MostRows"/> of them.</summary>
internal sealed class LatentRows(Invocation cli, ICluster cluster, ModelDescription model)
{
    private const long Seed = 0; // the same picture every time

    private int Width => model.Columns.Length + model.Context.Length;

    /// <summary>Of the rows that the model learned.</summary>
    /// <exception cref="BadInputException">They are not here any more.</exception>
    internal async Task<double[][]> OfItsData(CancellationToken cancellation)
    {
        var all = await cluster.Datasets(cancellation);
        var own = all.Datasets.FirstOrDefault(dataset => model.DataRoot.Length > 0 && dataset.Root == model.DataRoot)
            ?? throw new BadInputException($"The data that {model.Name}@{model.Version} learned are not among the imported data sets; name a file of such rows with --data.");
        var rows = await cluster.DatasetRows(own.Id, TableRows.MostRows, Seed, cancellation);
        return await Of([.. rows.Rows.Select(row => row.AsSpan()[..Width].ToArray()).Where(row => row.All(double.IsFinite)).SelectMany(row => row)], cancellation);
    }

    /// <summary>Of rows of the table, row-major.</summary>
    internal async Task<double[][]> Of(double[] rows, CancellationToken cancellation)
    {
        var latents = await cluster.Latents(model, rows, cancellation);
        return rows.Length == 0 ? [] : Columns([.. latents.Chunk(latents.Length / (rows.Length / Width)).Select(row => row.Select(value => (double)value).ToArray())]);
    }

    /// <summary>Of the rows of a file.</summary>
    internal async Task<double[][]> OfFile(string data, CancellationToken cancellation)
    {
        using var folder = new PassingFolder();
        var path = await UploadLine.Locate(cli, cluster, data, cancellation);
        var plan = new ScoringPlan(model.Name, model.Version, path, MissingRows.Drop, folder.In("scores.csv"), Latent: true);
        var result = await Score(plan, cancellation);
        cli.Warn(result.Warning);
        var every = Math.Max(1, (result.Rows + TableRows.MostRows - 1) / TableRows.MostRows);
        return Columns([.. File.ReadLines(plan.Output!).Skip(1).Where((_, i) => i % every == 0).Select(Latent)]);
    }

    private async Task<ScoringResult> Score(ScoringPlan plan, CancellationToken cancellation)
    {
        using var reading = ReadingLine.For(cli, "mapping to the base", plan.Data);
        return await cluster.Score(plan, reading, cancellation);
    }

    /// <summary>What stands behind the number of a row and its score.</summary>
    private static double[] Latent(string line) => [.. line.Split(',').Skip(2).Select(text => double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : double.NaN)];

    /// <summary>Rows that have a place in the base, column by column.</summary>
    private static double[][] Columns(double[][] rows)
    {
        double[][] finite = [.. rows.Where(row => row.All(double.IsFinite))];
        return finite.Length == 0 ? [] : [.. finite[0].Select((_, column) => finite.Select(row => row[column]).ToArray())];
    }
}
