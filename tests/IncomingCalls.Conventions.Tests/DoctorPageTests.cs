using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The page about the doctor lists its findings as the code has them.</summary>
public partial class DoctorPageTests
{
    [RepositoryFact]
    public void Findings_AreThoseOfTheCode()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(Package.GreenApi.Location, ".xml"));
        var meanings = documentation.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")?.Value);
        var code =
            from value in Enum.GetValues<DoctorFindingCode>()
            let finding = new DoctorFinding(value, "")
            select (Code: $"{value}", Severity: $"{finding.Severity}", Meaning: meanings[$"F:{typeof(DoctorFindingCode).FullName}.{value}"], ToDo: finding.Advice ?? "–");

        var listed =
            from row in Rows("docs/doctor.md")
            select (Code: row.Groups["code"].Value, Severity: row.Groups["severity"].Value, Meaning: row.Groups["meaning"].Value, ToDo: row.Groups["todo"].Value);

        listed.Should().BeEquivalentTo(code);
    }

    /// <summary>The report prints the severity in English, so the translation has it in English as well.</summary>
    [RepositoryFact]
    public void RussianFindings_HaveTheSeveritiesOfTheEnglishOnes() =>
        Rows("docs/ru/doctor.md").Select(row => (row.Groups["code"].Value, row.Groups["severity"].Value)).Should().Equal(
            Rows("docs/doctor.md").Select(row => (row.Groups["code"].Value, row.Groups["severity"].Value)));

    private static MatchCollection Rows(string page) => Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, page)));

    [GeneratedRegex(@"^\| `(?<code>\w+)` \| (?<severity>\w+) \| (?<meaning>.*?) \| (?<todo>.*?) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
