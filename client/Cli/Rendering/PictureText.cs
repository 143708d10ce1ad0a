using System.Text;
using SkiaSharp;

namespace FlowGrain.Cli.Rendering;

/// <summary>Makes words fit into a picture, whose edge would cut them off silently.</summary>
internal static class PictureText
{
    /// <summary>Pixels that a line takes.</summary>
    internal static float Width(string text, float size)
    {
        using var typeface = PictureFonts.Typeface();
        using var font = new SKFont(typeface, size);
        return font.MeasureText(text);
    }

    /// <summary>The text, its end replaced by … where it is wider than the room.</summary>
    internal static string Cut(string text, float room, float size)
    {
        if (Width(text, size) <= room) return text;
        var letters = text.Length - 1;
        while (letters > 0 && Width($"{text[..letters]}…", size) > room) letters--;
        return $"{text[..letters]}…";
    }

    /// <summary>The words in as many lines as they need.</summary>
    internal static string[] Lines(string text, float room, float size)
    {
        var lines = new List<StringBuilder> { new() };
        foreach (var word in text.Split(' '))
        {
            var (line, longer) = (lines[^1], lines[^1].Length == 0 ? word : $"{lines[^1]} {word}");
            if (line.Length == 0 || Width(longer, size) <= room) line.Clear().Append(longer);
            else lines.Add(new StringBuilder(word));
        }

        return [.. lines.Select(line => Cut(line.ToString(), room, size))];
    }
}
