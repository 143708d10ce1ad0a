using System.Diagnostics;

namespace FlowGrain.Tests.Flows.Native;

/// <summary>Starts a program of ours in its own process, with a <see cref="StartupHook"/> that computes with torch.</summary>
internal static class TorchProbe
{
    /// <summary>What it printed: the sum, the threads, the folder of libtorch.</summary>
    internal static async Task<string> Run(string program, string cache, string? temp = null)
    {
        var start = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(TorchProbe).Assembly.Location;
        start.Environment["XDG_CACHE_HOME"] = cache;
        start.Environment["TMPDIR"] = temp ?? Path.GetTempPath();
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // it would complain about an unusable temp folder
        start.Environment.Remove("HOME");
        return await Output(start);
    }

    /// <summary>What a program printed, on both streams.</summary>
    internal static async Task<string> Output(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output + await errors;
    }
}
