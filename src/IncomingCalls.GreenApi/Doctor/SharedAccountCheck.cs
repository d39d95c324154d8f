namespace IncomingCalls.GreenApi.Doctor;

/// <summary>Checks whether several instances belong to the same account, so that each of its calls is reported by all of them.</summary>
internal static class SharedAccountCheck
{
    public static IEnumerable<(DoctorReport Report, DoctorFinding Finding)> Run(IReadOnlyCollection<DoctorReport> reports) =>
        from account in reports.Where(report => report.Account is not null).GroupBy(report => report.Account)
        from report in account
        let others = account.Select(other => other.IdInstance).Where(other => other != report.IdInstance).Distinct().ToArray()
        where others.Length > 0
        select (report, new DoctorFinding(
            DoctorFindingCode.AccountOnSeveralInstances,
            // Without the account, which is a phone number.
            $"The account of instance {report.IdInstance} is also that of instance {string.Join(" and ", others)}."));
}
