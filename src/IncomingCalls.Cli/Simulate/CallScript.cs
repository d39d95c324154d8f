using System.Text;

namespace IncomingCalls.Cli;

/// <summary>
/// Calls as somebody wrote them down: a line per call, the caller first, then statuses and pauses, as in
/// <c>70000000101 offer 9s pickUp</c>. What follows a # is for people.
/// </summary>
internal static class CallScript
{
    /// <exception cref="CommandFailedException">A line cannot be understood; the message says which.</exception>
    public static IReadOnlyList<ScriptedCall> Read(FileInfo file)
    {
        var lines = Encoding.UTF8.GetString(InputFile.ReadAllBytes(file)).Split('\n');
        List<ScriptedCall> calls = [];
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                calls.Add(Read(words, place: $"{file}, line {i + 1}"));
            }
        }

        return calls.Count > 0 ? calls : throw InvalidScript($"{file} holds no call: write a line such as '70000000101 offer 9s pickUp'.");
    }

    private static ScriptedCall Read(string[] words, string place)
    {
        List<ScriptStep> steps = [];
        foreach (var word in words.AsSpan(1))
        {
            steps.Add(ScriptStep.Parse(word) ?? throw InvalidScript(
                $"{place}: '{word}' is neither a pause such as 9s nor one of {string.Join(", ", StatusText.Known)}, repeat, status:text."));
        }

        return steps.FirstOrDefault(step => !step.IsPause) switch
        {
            null => throw InvalidScript($"{place}: nothing happens to the call. Add a status, as in '{words[0]} offer 9s pickUp'."),
            { IsRepeat: true } => throw InvalidScript($"{place}: there is nothing to repeat yet."),
            _ => new() { From = CallerText.ToChatId(words[0]), Steps = steps },
        };
    }

    private static CommandFailedException InvalidScript(string sentence) => new(ExitCode.Unusable, sentence);
}
