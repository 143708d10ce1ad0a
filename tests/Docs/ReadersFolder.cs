using System.Diagnostics;
using System.Globalization;
using System.Text;
using FlowGrain.Cli;
using FlowGrain.Cli.Output;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Docs;

/// <summary>
/// The folder of someone who types the commands of a document: the program, a home of its own, and two tables. Lines that
/// are a command of ours and nothing else run inside this process, where forty of them start in the time of ten; pipes and
/// whatever else a shell has to read run in one, with the real program.
/// </summary>
internal sealed class ReadersFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    internal ReadersFolder()
    {
        _folder.Write("your.csv", Diamonds(250, seed: 1));
        _folder.Write("new.csv", Diamonds(100, seed: 2));
        _folder.Write("gaps.csv", WithGaps(Diamonds(250, seed: 3)));
        _folder.Write("flowgrain", $"#!/usr/bin/env bash\nexec dotnet '{BuiltProgram()}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder.In("flowgrain"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Runs the lines of a block, up to the first that fails.</summary>
    internal async Task<(int Code, string Output, string Error)> Run(CodeBlock block, CancellationToken cancellation)
    {
        var (outputs, errors) = ("", "");
        foreach (var line in block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (code, output, error) = OwnWords(line) is { } words ? await RunHere(words) : await RunInShell(line, cancellation);
            (outputs, errors) = (outputs + output, errors + error);
            if (code != 0) return (code, outputs, errors);
        }

        return (0, outputs, errors);
    }

    /// <summary>The arguments of a line that is a plain call of the program, else null. A word with a data file's ending is a path in this folder.</summary>
    private string[]? OwnWords(string line)
    {
        var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isPlain = words is ["./flowgrain", ..] && words.All(word => word.All(letter => char.IsAsciiLetterOrDigit(letter) || "./-_,=@".Contains(letter)));
        return isPlain ? [.. words[1..].Select(word => Path.GetExtension(word) is ".csv" or ".npy" or ".npz" or ".json" or ".png" ? _folder.In(word) : word)] : null;
    }

    private async Task<(int Code, string Output, string Error)> RunHere(string[] words)
    {
        using var interrupts = new Interrupts(_ => { });
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(OutIsTerminal: false, ErrorIsTerminal: false, Width: 160, Height: 40, ColorDepth.None);
        var host = CliHost.OfThisProcess(interrupts) with
        {
            Out = output, Error = TextWriter.Synchronized(error), Terminal = terminal, Variable = name => name == "FLOWGRAIN_HOME" ? _folder.In("home") : null,
        };
        return (await CommandLine.Run(words, host), output.ToString(), error.ToString());
    }

    /// <summary>The lines of a file that a command has written.</summary>
    internal string[] Lines(string name) => File.ReadAllLines(_folder.In(name));

    /// <summary>The bytes in it.</summary>
    internal long Length(string name) => new FileInfo(_folder.In(name)).Length;

    /// <summary>Runs lines of a shell in the folder.</summary>
    internal async Task<(int Code, string Output, string Error)> RunInShell(string line, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", line])
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

    /// <summary>The same without the first value in every fifth row.</summary>
    private static string WithGaps(string csv) => string.Join('\n', csv.Split('\n').Select((line, row) => row % 5 == 4 && line.Contains(',') ? line[line.IndexOf(',')..] : line));

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
