namespace IncomingCalls.GreenApi.Tests.Doctor;

internal static class DoctorReportAssertions
{
    /// <summary>Asserts that the report contains a finding with its severity and the observation.</summary>
    public static void ShouldHave(this DoctorReport report, DoctorFindingCode code, DoctorSeverity severity, string seen = "*")
    {
        var finding = report.Findings.Should().ContainSingle(finding => finding.Code == code, "the codes are {0}", report.Codes()).Which;
        finding.Severity.Should().Be(severity);
        finding.Message.Should().Match(seen);
        (finding.Advice is null).Should().Be(severity == DoctorSeverity.Ok || code == DoctorFindingCode.QueueUnknown, "every problem needs an advice");
    }

    public static IEnumerable<DoctorFindingCode> Codes(this DoctorReport report) => report.Findings.Select(finding => finding.Code);
}
