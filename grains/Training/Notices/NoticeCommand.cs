using System.Diagnostics;

namespace FlowGrain.Training;

/// <summary>Runs the operator's command with a notice on its standard input; what it says is kept only where it fails.</summary>
internal static class NoticeCommand
{
    private const int Longest = 500; // characters of what it said
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when it has ended well.</summary>
    /// <exception cref="InvalidOperationException">It failed, or had not ended after 30 s and was ended.</exception>
    internal static async Task Run(string command, string json, TimeProvider clock, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        await using var end = either.Token.Register(() => process.Kill(entireProcessTree: true));
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None)); // or it would wait for a full pipe
        await Give(process, json);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        if (late.IsCancellationRequested) throw new InvalidOperationException($"The command had not ended after {Patience.TotalSeconds:F0} s, and was ended.");
        if (process.ExitCode != 0) throw new InvalidOperationException($"The command ended with {process.ExitCode}: {Last(await said)}");
    }

    private static async Task Give(Process process, string json)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(json);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading it, which is its own affair.
        }
    }

    private static string Last(string[] said)
    {
        var words = string.Concat(said).Trim().ReplaceLineEndings(" ");
        return words.Length <= Longest ? words : $"…{words[^Longest..]}";
    }
}
