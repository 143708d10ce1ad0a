using FlowGrain.Cli.Output;
using FlowGrain.Serving;
using FlowGrain.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowGrain.Cli.Training;

/// <summary>The live lines of a run.</summary>
internal static class ProgressView
{
    private const int BarWidth = 24, LongestCurve = 40;

    internal static IRenderable Of(RunProgress progress, IReadOnlyList<double> losses, int width)
    {
        var figures = $"{ProgressFigures.Steps(progress)}  {Figures.Rate(progress.RowsPerSecond)}  {ProgressFigures.Time(progress)}";
        var nats = ProgressFigures.Losses(progress);
        var curve = Sparkline.Draw(losses, Math.Min(LongestCurve, width - nats.Length - 4));
        return new Rows(
            Line($"{Bar(ProgressFigures.Share(progress))}  {Markup.Escape(figures)}{Word(progress.Phase)}"),
            Line($"{Markup.Escape(nats)}  [green]{curve}[/]"));
    }

    private static Markup Line(string markup) => new(markup) { Overflow = Overflow.Ellipsis };

    private static string Bar(double share)
    {
        var full = (int)Math.Round(share * BarWidth);
        return $"[green]{new string('━', full)}[/][grey]{new string('─', BarWidth - full)}[/]";
    }

    private static string Word(RunPhase phase) => phase == RunPhase.Training ? "" : $"  {phase.ToString().ToLowerInvariant()}";
}
