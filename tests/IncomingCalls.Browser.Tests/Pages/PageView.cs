using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>The common parts of all pages of the desk.</summary>
public abstract class PageView(IPage page)
{
    public IPage Page => page;

    public ILocator Heading => page.Locator("h1");

    /// <summary>The banner of demo mode.</summary>
    public ILocator Banner => page.Locator(".banner[role=note]");

    /// <summary>The messages of empty lists.</summary>
    public ILocator EmptyMessages => page.Locator(".empty:visible");

    /// <summary>Gets by how many pixels the content is wider than the window.</summary>
    public Task<int> GetHorizontalOverflowAsync() =>
        page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Gets the language that the page declares.</summary>
    public Task<string> GetLanguageAsync() => page.EvaluateAsync<string>("document.documentElement.lang");

    /// <summary>Gets the brightness of a colour of the body, from 0 to 1.</summary>
    public Task<double> GetBrightnessAsync(string property) => page.EvaluateAsync<double>(
        """
        property => {
          const [red, green, blue] = getComputedStyle(document.body).getPropertyValue(property).match(/\d+/g);
          return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
        }
        """,
        property);

    /// <summary>Presses Tab, and asserts that this moves the focus to an element.</summary>
    public async Task ShouldTabToAsync(ILocator next)
    {
        await page.Keyboard.PressAsync("Tab");
        (await next.EvaluateAsync<bool>("element => element === document.activeElement")).Should().BeTrue(
            $"the focus should be on {next}, not on {await page.EvaluateAsync<string>("document.activeElement.outerHTML")}");
    }

    /// <summary>Reads the visible rows of a list: their texts by field name.</summary>
    protected async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ReadRowsAsync(string list) =>
        await page.Locator(list).EvaluateAsync<Dictionary<string, string>[]>(
            """
            list => [...list.children].filter(row => row.checkVisibility()).map(row =>
              Object.fromEntries([...row.querySelectorAll('[data-field]')].map(field => [field.dataset.field, field.innerText])))
            """);
}

/// <summary>The errors and warnings of open pages, from the console of the browser.</summary>
public sealed class PageErrors
{
    private readonly ConcurrentQueue<string> _errors = new();

    /// <summary>The beginnings of errors that the test expects.</summary>
    public IList<string> Expected { get; } = [];

    public IEnumerable<string> Unexpected => _errors.Where(error => !Expected.Any(expected => error.StartsWith(expected, StringComparison.Ordinal)));

    public void Watch(IPage page)
    {
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Enqueue(message.Text);
            }
        };
    }
}

/// <summary>The accessibility check with axe-core.</summary>
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
