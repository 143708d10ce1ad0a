using System.Collections.Immutable;
using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain sample</c>.</summary>
internal static class SampleCommand
{
    internal static Command Create(Cli cli)
    {
        var model = ModelName.Option(cli);
        var rows = Numbers.WithDefault("-n", "N", "Rows to draw.", Ranges.AtLeast(1L), 1000L);
        var seed = Numbers.WithDefault("--seed", "N", "Seed of the draws; draw i depends on the seed and i alone.", Ranges.Any, 0L);
        var given = GivenContext.Option();
        var output = OutputFile.Option("Where to write the rows. [default: stdout, as csv]", TableFile.Extensions);
        var command = new CliCommand(
            "sample",
            "Draw rows from a model, in the units of the data.",
            "sample --model mine -n 5",
            "sample --model mine -n 1000000 --seed 7 --out samples.npy",
            "sample --model prices --given carat=1.2 --out samples.csv") { model, rows, seed, given, output };
        command.Rules.Add(StdoutIsTaken.Rule(cli.Options, output));
        command.SetAction((parsed, interrupted) => Sample(
            cli.Open(parsed), parsed.GetRequiredValue(model), parsed.GetValue(rows), parsed.GetValue(seed), parsed.GetRequiredValue(given), parsed.GetValue(output), interrupted));
        return command;
    }

    private static async Task<int> Sample(
        Invocation cli, ModelReference reference, long rows, long seed, ImmutableSortedDictionary<string, string> given, string? output, CancellationToken interrupted)
    {
        cli.RequireOutput(output);
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        var order = new SampleOrder(rows, seed, GivenContext.Of(cli, model, given));
        var (begun, nonFinite) = (cli.Seconds, 0L);
        using (var table = Table(cli, model, output))
        {
            await foreach (var chunk in connection.Cluster.Sample(model, order, interrupted).WithCancellation(interrupted))
            {
                table.Write(chunk.Span);
                nonFinite += NonFinite(chunk.Span, model.Columns.Length);
            }

            table.Complete();
        }

        if (nonFinite > 0) cli.Warn($"{Figures.Count(nonFinite)} of {Figures.Of(rows, "row")} have a value that is not finite: the model overflows on its way to the data, as where its training diverged; train it again with a lower --lr or another preset.");
        return Report(cli, new SampleAnswer(rows, nonFinite, rows / (cli.Seconds - begun), cli.Seconds, output));
    }

    private static ITableWriter Table(Invocation cli, ModelDescription model, string? output)
    {
        var columns = model.Columns.Select(name => new WrittenColumn(name, IsWhole: model.Whole.Contains(name), Levels: model.Levels.TryGetValue(name, out var levels) ? levels : null, IsDate: model.Dates.Contains(name))).ToArray();
        return output is null ? new StdoutTable(cli.Host.Out, columns) : TableFile.Create(output, columns);
    }

    private static long NonFinite(ReadOnlySpan<double> values, int width)
    {
        var rows = 0L;
        for (; !values.IsEmpty; values = values[width..])
        {
            var row = values[..width];
            if (row.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) rows++;
        }

        return rows;
    }

    private static int Report(Invocation cli, SampleAnswer answer)
    {
        if (cli.Json) cli.PrintJson(answer);
        else cli.Say($"{Figures.Of(answer.Rows, "row")} drawn, {Figures.Rate(answer.RowsPerSecond)}{(answer.Out is { } path ? $", in {path}" : "")}");
        return ExitCode.Ok;
    }

    private sealed record SampleAnswer(long Rows, long NonFinite, double RowsPerSecond, double Seconds, string? Out);
}
