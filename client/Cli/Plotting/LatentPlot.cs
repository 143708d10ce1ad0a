using FlowGrain.Cli.Output;
using FlowGrain.Cli.Rendering;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>What a flow makes of rows in its base, coordinate by coordinate, beside the base: alike where the flow has learned all there is.</summary>
internal sealed class LatentPlot(Invocation cli, ICluster cluster, ModelDescription model)
{
    private const int Most = 12; // more panels are too small to read
    private const string Normal = "standard-normal";

    internal async Task Draw(PlotRequest request, CancellationToken cancellation)
    {
        var rows = new LatentRows(cli, cluster, model);
        var latents = request.Data is { } data ? await rows.OfFile(data, cancellation) : await rows.OfItsData(cancellation);
        if (latents.Length == 0) throw new BadInputException("No row has a place in the base: every one lacks a value or lies too far out; name other rows with --data.");
        var expected = await Bases(rows, latents.Length, cancellation);
        LatentCoordinate[] all = [.. latents.Select((values, i) => new LatentCoordinate($"z{i}", values, expected[i]))];
        var worst = all.OrderByDescending(coordinate => coordinate.Gap).Take(Most).ToHashSet();
        Show([.. all.Where(worst.Contains)], Words(all), request.Out);
    }

    private string Words(LatentCoordinate[] all)
    {
        var (rows, worst) = (all[0].Values.Length, all.MaxBy(coordinate => coordinate.Gap)!);
        var chosen = all.Length > Most ? $"the {Most} of {all.Length} coordinates with the largest gaps" : $"{Figures.Of(all.Length, "coordinate")}";
        return $"{chosen} of g(x) over {Figures.Of(rows, "row")} beside the {model.Base} base; largest gap {LatentCoordinate.Figure(worst.Gap)} ({worst.Name}), and draws of the base itself would stay below {LatentCoordinate.Figure(worst.Base.Chance(rows))} 95 times in 100";
    }

    private void Show(LatentCoordinate[] shown, string words, string? path)
    {
        if (path is not null)
        {
            using var sheet = LatentPicture.Draw(shown, [PlotTitle.Of(model), words]);
            sheet.Save(path);
            return;
        }

        cli.PrintWords(PlotTitle.Of(model));
        cli.PrintWords(words);
        foreach (var line in TerminalLatent.Lines(shown, cli.Terminal)) cli.Print(line);
    }

    /// <summary>What every coordinate should be: the standard normal, or where the base is another, what draws of it are.</summary>
    private async Task<LatentBase[]> Bases(LatentRows rows, int dimension, CancellationToken cancellation)
    {
        if (model.Base == Normal) return [.. Enumerable.Repeat(LatentBase.Normal, dimension)];
        if (!model.Context.IsEmpty && model.Base is "mixture" or "flow")
            throw new BadInputException($"The {model.Base} base of {model.Name} may depend on {string.Join(", ", model.Context)}, so that latents of different rows have no one distribution to be compared with; 'flowgrain evaluate' measures such a model.");
        var drawn = new List<double>(); // a draw, mapped to the base, is a draw of the base
        double[] context = [.. model.ContextRanges.Zip(model.Context, Middle)];
        await foreach (var chunk in cluster.Sample(model, new SampleOrder(TableRows.MostRows, 0, [.. context]), cancellation))
            foreach (var row in chunk.ToArray().Chunk(model.Columns.Length)) drawn.AddRange([.. row, .. context]);
        return [.. (await rows.Of([.. drawn], cancellation)).Select(LatentBase.Of)];
    }

    /// <summary>A value that a context column may have; which one, a base that does not look at it cannot tell.</summary>
    private double Middle(ColumnRange range, string column) => model.Levels.ContainsKey(column) || !double.IsFinite(range.Low) ? 0 : (range.Low + range.High) / 2;
}
