namespace IncomingCalls.Secrecy.Tests;

/// <summary>What the test processes recorded.</summary>
internal static class CapturedOutput
{
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("CAPTURED_OUTPUT_DIR") is { Length: > 0 } folder ? folder : null;

    /// <summary>Every line, with the project that it comes from.</summary>
    public static IEnumerable<(string Project, string Line)> ReadLines() => Directory.EnumerateFiles(Folder!, "*.txt")
        .SelectMany(file => File.ReadLines(file).Select(line => (Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(file)), line)));
}

/// <summary>A test of what the whole test run said; skipped where nothing was recorded.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapturedOutputFactAttribute : FactAttribute
{
    public CapturedOutputFactAttribute()
    {
        if (CapturedOutput.Folder is null)
        {
            Skip = "Nothing was recorded: test.sh sets OUTPUT_CAPTURE_DIR, and runs this when all other tests are over.";
        }
    }
}
