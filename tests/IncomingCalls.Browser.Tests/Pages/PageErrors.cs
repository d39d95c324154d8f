using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace IncomingCalls.Browser.Tests.Pages;

/// <summary>What goes wrong in open pages, as the browser's console tells it.</summary>
public sealed class PageErrors
{
    private readonly ConcurrentQueue<string> _errors = new();

    /// <summary>The beginnings of errors that belong to the test.</summary>
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
