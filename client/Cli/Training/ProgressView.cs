using FlowGrain.Cli.Output;
using FlowGrain.Serving;
using FlowGrain.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlowGrain.Cli.Training;

/// <summary>The live lines of a run, none longer than the screen.</summary>
internal static class ProgressView
{
    private const int LongestBar = 24, ShortestBar = 8, LongestCurve = 40, Gap = 2;

    internal static IRenderable Of(RunProgress progress, double? secondsLeft, IReadOnlyList<double> losses, int width)
    {
        var room = width - 1; // some terminals break a line that is as long as they are wide
        var figures = FiguresIn(room - ShortestBar - Gap, progress, secondsLeft);
        var bar = Bar(ProgressFigures.Share(progress), Math.Min(LongestBar, room - figures.Length - Gap));
        var nats = Fitting.Cut(ProgressFigures.News(progress) ?? ProgressFigures.Losses(progress), room);
        var curve = Sparkline.Draw(losses, Math.Min(LongestCurve, room - nats.Length - Gap));
        return new Rows(new Markup($"{bar}  {Markup.Escape(figures)}"), new Markup($"{Markup.Escape(nats)}  [green]{curve}[/]"));
    }

    // The rate is the first to go, then the time.
    private static string FiguresIn(int room, RunProgress progress, double? secondsLeft)
    {
        var (steps, time, phase) = (ProgressFigures.Steps(progress), ProgressFigures.Time(progress, secondsLeft), progress.Phase == RunPhase.Training ? "" : $"  {Words.Of(progress.Phase)}");
        string[] lines = [$"{steps}  {Figures.Rate(progress.RowsPerSecond)}  {time}{phase}", $"{steps}  {time}{phase}", $"{steps}{phase}"];
        return lines.FirstOrDefault(line => line.Length <= room) ?? Fitting.Cut(lines[^1], room);
    }

    private static string Bar(double share, int width)
    {
        var full = (int)Math.Round(share * width);
        return $"[green]{new string('━', full)}[/][grey]{new string('─', width - full)}[/]";
    }
}
