using System.Text.RegularExpressions;

namespace IncomingCalls.Conventions.Tests;

/// <summary>The Russian pages have the headings, the code, the tables and the lists of the English ones.</summary>
public partial class TranslationTests
{
    private const string Page = """
        # Handlers

        - A handler runs at least once.
        - A handler receives the events of one call in order.

        ## Options

        ```sh
        dotnet run    # starts the host
        ```

        <!-- snippet: docs/snippets/Fragments/Filters.cs#name -->
        ```csharp
        builder.AddHandler<LeadWriter>();
        ```

        | option | default |
        | --- | --- |
        | `Timeout` | `00:00:30` |
        | `Name` | the name of the class |

        ### Filters
        """;

    [RepositoryFact]
    public void RussianPages_HaveTheStructureOfTheEnglishOnes()
    {
        var russian = RussianPages().ToDictionary(
            page => page, page => page.Replace(".ru.md", ".md", StringComparison.Ordinal).Replace("docs/ru/", "docs/", StringComparison.Ordinal));
        russian.Should().ContainKeys("README.ru.md", "docs/ru/getting-started.md");
        russian.Values.Should().OnlyContain(page => File.Exists(InRepository(page)), "every Russian page is the translation of an English one");

        var differences =
            from pair in russian
            let difference = PageOutline.Difference(File.ReadAllText(InRepository(pair.Value)), File.ReadAllText(InRepository(pair.Key)))
            where difference != null
            select $"{pair.Value} has {difference} ({pair.Key}).";

        differences.Should().BeEmpty();
    }

    /// <summary>One term for each thing, as in the vendor's console: личный кабинет, приложение, GREEN-API, диагностика, эмулятор, как минимум один раз.</summary>
    [RepositoryFact]
    public void RussianPages_UseNoSecondTermForAThing()
    {
        var terms =
            from page in RussianPages()
            from Match term in SecondTerm().Matches(File.ReadAllText(InRepository(page)))
            select $"{page}: {term.Value}";

        terms.Should().BeEmpty();
    }

    [Theory]
    [InlineData("# Handlers", "# Обработчики")]
    [InlineData("A handler runs at least once.", "Обработчик вызывается как минимум один раз.")]
    [InlineData("# starts the host", "# запускает приложение")]
    [InlineData("the name of the class", "имя класса")]
    public void Difference_OfTranslatedText_IsNone(string english, string russian) =>
        PageOutline.Difference(Page, Page.Replace(english, russian, StringComparison.Ordinal)).Should().BeNull();

    [Theory]
    [InlineData("## Options\n\n", "")]
    [InlineData("### Filters", "## Фильтры")]
    [InlineData("\n### Filters", "")]
    [InlineData("- A handler runs at least once.\n", "")]
    [InlineData("dotnet run ", "dotnet watch ")]
    [InlineData("<LeadWriter>", "<Другой>")]
    [InlineData("Filters.cs#name", "Filters.cs#options")]
    [InlineData("| `Name` | the name of the class |\n", "")]
    [InlineData("`Name`", "`Имя`")]
    [InlineData("`00:00:30`", "`00:01:00`")]
    public void Difference_OfStructureCodeOrTable_IsFoundOnEitherSide(string english, string russian)
    {
        var changed = Page.ReplaceLineEndings("\n").Replace(english, russian, StringComparison.Ordinal);

        changed.Should().NotBe(Page.ReplaceLineEndings("\n"));
        PageOutline.Difference(Page, changed).Should().NotBeNull();
        PageOutline.Difference(changed, Page).Should().NotBeNull();
    }

    private static IEnumerable<string> RussianPages() => Repository.Files("*.md").Select(Repository.Relative)
        .Where(page => page.EndsWith(".ru.md", StringComparison.Ordinal) || page.StartsWith("docs/ru/", StringComparison.Ordinal));

    private static string InRepository(string page) => Path.Combine(Repository.Root, page);

    [GeneratedRegex(@"\b(хост|шлюз|доктор|симулятор|машин)\w*|консол\w* GREEN-API|хотя бы один раз|скрыт\w* идентификатор\w*|надёжн\w* хран\w*|очеред\w* событий", RegexOptions.IgnoreCase)]
    private static partial Regex SecondTerm();
}
