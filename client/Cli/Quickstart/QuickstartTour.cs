using FlowGrain.Cli.Output;
using FlowGrain.Cli.Plotting;
using FlowGrain.Cli.Rendering;
using FlowGrain.Cli.Training;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Cli.Quickstart;

/// <summary>From data to a density in one go: train, test, score, draw.</summary>
internal sealed class QuickstartTour(Invocation cli, ICluster cluster)
{
    private readonly QuickstartFolder _folder = new(cli.Home.Path);

    internal async Task Run(CancellationToken interrupted)
    {
        _folder.Prepare();
        cli.Say("Learning where 42,049 US zip codes lie: a normalizing flow over longitude and latitude.");
        var data = await UploadLine.Locate(cli, cluster, _folder.Csv, interrupted);
        var (_, result) = await new TrainingSession(cli, cluster).Train(QuickstartPlan.Name, QuickstartPlan.For(data), interrupted);
        var report = await Measure(result, data, interrupted);
        cli.Answer(report.Json(), () => report.Print(cli));
        SuggestMore();
    }

    private async Task<QuickstartReport> Measure(RunResult result, string data, CancellationToken interrupted)
    {
        cli.Say("Measuring on the test rows, scoring every row, drawing the density.");
        var places = ZipCodes.Read(_folder.Csv);
        var test = await cluster.Test(result.Run, interrupted);
        var scores = await cluster.Score(
            new(result.Model, result.Version, data, MissingRows.Refuse, Output: null, Latent: false), reading: null, interrupted);
        await Draw(result, places.Cloud, interrupted);
        return new(result with { Seconds = cli.Seconds }, test, scores, places, _folder.Picture);
    }

    private async Task Draw(RunResult result, PointCloud data, CancellationToken interrupted)
    {
        var model = await cluster.Describe(new(result.Model, result.Version), interrupted);
        var (plane, plot) = (new ExactPlane(cluster, model, []), new PlanePlot(cli, PlotTitle.Of(model, [])));
        await plot.Draw(plane, _folder.Picture, data, interrupted);
        if (!cli.Json) await plot.Draw(plane, output: null, data, interrupted);
    }

    private void SuggestMore()
    {
        NextSteps.Say(
            cli,
            $"plot --model {QuickstartPlan.Name}",
            $"sample --model {QuickstartPlan.Name} -n 1000 --out samples.csv",
            $"score {Quoting.ForShell(_folder.Csv)} --model {QuickstartPlan.Name} --out scores.csv");
        cli.Say($"Your own table: {cli.Suggest("train your.csv")}");
    }
}
