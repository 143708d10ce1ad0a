namespace FlowGrain.Cli.Training;

/// <summary>Commands to try next, ready to paste.</summary>
internal static class NextSteps
{
    internal static void Say(Invocation cli, params string[] commands)
    {
        cli.Say("");
        cli.Say("Next:");
        foreach (var command in commands) cli.Say($"  {cli.Suggest(command)}");
    }
}
