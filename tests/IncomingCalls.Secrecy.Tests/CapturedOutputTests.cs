using System.Text.RegularExpressions;

namespace IncomingCalls.Secrecy.Tests;

/// <summary>Nothing that the whole test run logged, traced or threw contains a secret or a phone number.</summary>
public partial class CapturedOutputTests
{
    [CapturedOutputFact]
    public void ReadLines_WholeTestRun_ContainNoPhoneNumber() =>
        CapturedOutput.ReadLines().Where(captured => PhoneNumber().IsMatch(captured.Line)).Take(20).Should().BeEmpty();

    [CapturedOutputFact]
    public void ReadLines_WholeTestRun_ContainNoSecret() =>
        CapturedOutput.ReadLines().Where(captured => Secret().IsMatch(captured.Line)).Take(20).Should().BeEmpty();

    /// <summary>Ensures that the two tests above check all kinds of output.</summary>
    [CapturedOutputFact]
    public void ReadLines_WholeTestRun_CoverLogsTracesExceptionsAndProcessOutput()
    {
        var lines = CapturedOutput.ReadLines().ToLookup(captured => captured.Line.Split(' ')[0]);

        lines.Select(kind => kind.Key).Should().Contain(["log", "trace", "throw", "output"]);
        lines["log"].Select(captured => captured.Project).Distinct().Should().HaveCountGreaterThan(3);
        lines["log"].Should().Contain(captured => captured.Line.Contains('•'), "callers should be logged with masked ids");
    }

    /// <summary>All callers and accounts of the tests have Russian numbers of eleven digits. A number followed by <c>offer</c> is an example in a help text.</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z.])7\d{10}(?![0-9A-Za-z])(?! offer )")]
    private static partial Regex PhoneNumber();

    /// <summary>Tokens of the simulator have fifty hexadecimal digits; invented ones end with <c>-token</c> or <c>-secret</c>.</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9a-f]{50}(?![0-9A-Za-z])|s3cret|(?<![A-Za-z-])[a-z]+(-[a-z]+)*-(token|secret)\b")]
    private static partial Regex Secret();
}
