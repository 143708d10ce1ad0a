using FlowGrain.Cli.Output;
using FlowGrain.Serving;
using FlowGrain.Training;
using Spectre.Console;

namespace FlowGrain.Cli.Quickstart;

/// <summary>What the quickstart came to, for people and for programs.</summary>
internal sealed record QuickstartReport(RunResult Result, TestReport Test, ScoringResult Scores, ZipCodes Places, string Picture)
{
    /// <summary>The fields of <c>train</c>, with the likelihoods on the test rows beside each other.</summary>
    internal object Json()
    {
        var fields = JsonLine.Fields(Result);
        fields["testNll"] = Test.Nll;
        fields["gaussianNll"] = Test.GaussianNll;
        fields["kdeNll"] = Test.KdeNll;
        fields["picture"] = Picture;
        return fields;
    }

    internal void Print(Invocation cli)
    {
        cli.Print("");
        cli.Print($"On {Figures.Of(Test.Rows, "test row")} that neither trained it nor chose its weights, nats per row:");
        cli.Print($"  flow      {Figures.Nats(Test.Nll)}");
        cli.Print($"  Gaussian  {Figures.Nats(Test.GaussianNll)}   {Likelihoods.Gain(Test.GaussianNll - Test.Nll)}");
        if (Test.KdeNll is { } kde) cli.Print($"  KDE       {Figures.Nats(kde)}   {Likelihoods.Gain(kde - Test.Nll)}");
        cli.Print("");
        cli.Print("The ten least likely places:");
        cli.Screen.Write(LeastLikely());
        cli.Print($"Trained at {Figures.Rate(Result.RowsPerSecond)}, scored at {Figures.Rate(Scores.RowsPerSecond)}, {Figures.Duration(Result.Seconds)} in all");
        cli.Print($"Picture    {Picture}");
    }

    private Table LeastLikely()
    {
        var table = Tables.New(("zip code", false), ("place", false), ("longitude", true), ("latitude", true), ("log-density", true));
        foreach (var row in Scores.LeastLikely)
            table.Add(Places.Codes[(int)row.Row], Places.Places[(int)row.Row], Figures.Value(row.Values[0]), Figures.Value(row.Values[1]), Figures.Nats(row.LogProb));
        return table;
    }
}
