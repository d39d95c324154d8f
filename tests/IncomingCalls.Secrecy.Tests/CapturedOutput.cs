namespace IncomingCalls.Secrecy.Tests;

/// <summary>What the test processes recorded.</summary>
internal static class CapturedOutput
{
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("SAID_RECORD") is { Length: > 0 } folder ? folder : null;

    /// <summary>Every line, with the project that it comes from.</summary>
    public static IEnumerable<(string Project, string Line)> ReadLines() => Directory.EnumerateFiles(Folder!, "*.txt")
        .SelectMany(file => File.ReadLines(file).Select(line => (Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(file)), line)));
}
