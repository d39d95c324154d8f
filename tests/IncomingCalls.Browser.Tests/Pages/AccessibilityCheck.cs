using Deque.AxeCore.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>axe-core, which finds what keeps people from using a page.</summary>
internal static class AccessibilityCheck
{
    public static async Task ShouldFindNothingSeriousAsync(IEnumerable<PageView> views)
    {
        foreach (var view in views)
        {
            var findings = await view.Page.RunAxe();

            findings.Passes.Should().NotBeEmpty();
            findings.Violations
                .Where(finding => finding.Impact is "serious" or "critical")
                .Select(finding => $"{finding.Id}: {finding.Help}: {string.Join(' ', finding.Nodes.Select(node => node.Html))}")
                .Should().BeEmpty();
        }
    }
}
