using System.Diagnostics;
using System.Globalization;
using System.Text;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Docs;

/// <summary>The folder of someone who types the commands of a document: the program, a home of its own, and two tables.</summary>
internal sealed class ReadersFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    internal ReadersFolder()
    {
        _folder.Write("your.csv", Diamonds(250, seed: 1));
        _folder.Write("new.csv", Diamonds(100, seed: 2));
        _folder.Write("flowgrain", $"#!/usr/bin/env bash\nexec dotnet '{BuiltProgram()}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.In("flowgrain"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Runs the lines of a block in one shell that stops at the first command that fails.</summary>
    internal async Task<(int Code, string Output, string Error)> Run(CodeBlock block, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", block.Text])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["FLOWGRAIN_HOME"] = _folder.In("home");
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(cancellation), shell.StandardError.ReadToEndAsync(cancellation));
        await shell.WaitForExitAsync(cancellation);
        return (shell.ExitCode, await output, await error);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The command line as it was built together with these tests.</summary>
    private static string BuiltProgram()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(tests.Parent!.Parent!.FullName, "FlowGrain.Cli", tests.Name, "flowgrain.dll");
    }

    private static string Diamonds(int rows, long seed)
    {
        var random = new CounterRandom(seed, "diamonds");
        var text = new StringBuilder("carat,price,depth\n");
        for (var row = 0; row < rows; row++)
        {
            var carat = 0.8 * Math.Exp(0.4 * random.Normal(3 * row));
            var price = 5000 * Math.Pow(carat, 1.6) * Math.Exp(0.2 * random.Normal(3 * row + 1));
            text.Append(CultureInfo.InvariantCulture, $"{carat:0.000},{price:0.00},{61 + 1.4 * random.Normal(3 * row + 2):0.00}\n");
        }

        return text.ToString();
    }
}
