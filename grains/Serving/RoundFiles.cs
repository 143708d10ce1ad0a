using System.Security.Cryptography;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>rounds.csv and epochs.csv of a model folder: the record of the rounds that made it, however many they are.</summary>
internal static class RoundFiles
{
    private const string Rounds = "rounds.csv";
    private const string Epochs = "epochs.csv";

    /// <summary>Writes both, each on disk when it returns; returns the record with what names them.</summary>
    internal static RunRecord Write(StagingFolder folder, RunRecord record, IEnumerable<RoundLine> rounds) => record with
    {
        Rounds = Write(folder, Rounds, RoundLine.Header, rounds.Select(round => round.Text)),
        Epochs = Write(folder, Epochs, PassLine.Header, PassLine.Of(rounds, record.Whole).Select(epoch => epoch.Text)),
    };

    /// <summary>The rounds of a model folder, oldest first, read as they are asked for.</summary>
    /// <exception cref="InvalidDataException">A line is none; the message is a clause that begins with the file's name.</exception>
    internal static IEnumerable<RoundLine> Read(string folder)
    {
        var number = 1;
        foreach (var line in File.ReadLines(Path.Combine(folder, Rounds)))
        {
            if (number++ > 1) yield return Parse(line, number - 1);
            else if (line != RoundLine.Header) throw new InvalidDataException($"{Rounds} has another header than '{RoundLine.Header}'");
        }
    }

    /// <summary>What is wrong with the files beside what the record says of them, as a clause that begins with a file's name; null when nothing is.</summary>
    internal static string? Fault(string folder, RunRecord record)
    {
        foreach (var file in new[] { record.Rounds, record.Epochs })
        {
            if (file is null) continue;
            if (file.File is not (Rounds or Epochs)) return $"run.json names a record '{file.File}', which is none";
            var path = Path.Combine(folder, file.File);
            if (!File.Exists(path)) return $"{file.File} is missing";
            if (Sha256(path) != file.Sha256) return $"{file.File} is not the file that run.json names: its SHA-256 is another";
        }

        return null;
    }

    private static RecordFile Write(StagingFolder folder, string name, string header, IEnumerable<string> lines)
    {
        var count = 0L;
        using (var file = folder.CreateFile(name))
        using (var writer = new StreamWriter(file) { NewLine = "\n" })
        {
            writer.WriteLine(header);
            foreach (var line in lines)
            {
                writer.WriteLine(line);
                count++;
            }

            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        return new RecordFile(name, count, Sha256(folder.In(name)));
    }

    private static RoundLine Parse(string line, int number)
    {
        try
        {
            return RoundLine.Parse(line);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new InvalidDataException($"{Rounds} has no round in line {number}", error);
        }
    }

    private static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}

/// <summary>A file beside run.json that belongs to it.</summary>
/// <param name="File">Its name.</param>
/// <param name="Lines">Its lines, the header not counted.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
internal sealed record RecordFile(string File, long Lines, string Sha256);
