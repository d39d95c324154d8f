using System.Text.RegularExpressions;

namespace IncomingCalls.Secrecy.Tests;

/// <summary>Nothing that the whole test run logged, traced or threw shows a secret or a phone number.</summary>
public partial class CapturedOutputTests
{
    [CapturedOutputFact]
    public void ReadLines_WholeTestRun_ContainNoPhoneNumber() =>
        CapturedOutput.ReadLines().Where(said => PhoneNumber().IsMatch(said.Line)).Take(20).Should().BeEmpty();

    [CapturedOutputFact]
    public void ReadLines_WholeTestRun_ContainNoSecret() =>
        CapturedOutput.ReadLines().Where(said => Secret().IsMatch(said.Line)).Take(20).Should().BeEmpty();

    /// <summary>Or else the two above prove nothing.</summary>
    [CapturedOutputFact]
    public void ReadLines_WholeTestRun_CoverLogsTracesExceptionsAndProcessOutput()
    {
        var lines = CapturedOutput.ReadLines().ToLookup(said => said.Line.Split(' ')[0]);

        lines.Select(kind => kind.Key).Should().Contain(["log", "trace", "throw", "line"]);
        lines["log"].Select(said => said.Project).Distinct().Should().HaveCountGreaterThan(3);
        lines["log"].Should().Contain(said => said.Line.Contains('•'), "callers are named, by masked ids");
    }

    /// <summary>Every caller and account of the tests has a Russian number of eleven digits. (One that is followed by a status is an example for the user.)</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z.])7\d{10}(?![0-9A-Za-z])(?! offer )")]
    private static partial Regex PhoneNumber();

    /// <summary>Tokens of the simulator are fifty hexadecimal digits; those that tests make up say what they are.</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9a-f]{50}(?![0-9A-Za-z])|s3cret|(?<![A-Za-z-])[a-z]+(-[a-z]+)*-(token|secret)\b")]
    private static partial Regex Secret();
}
