using System.Collections.Immutable;
using System.Globalization;
using Krmx.Testing;

namespace Krmx.State.Tests.Typed;

/// <summary>What the views of several users have in common is looked at once, and not at all if it did not change.</summary>
public class SharedViewTests
{
    private const int Users = 20;

    private readonly TestRoom _room = new();
    private int _reads;

    [Fact]
    public void ImmutableArray_ThatAllViewsShare_IsReadOnce()
    {
        var shelf = new Shelf([.. Enumerable.Range(0, 100).Select(number => NewBook($"book {number}"))], 0);
        ServerProjection<Shelf, ShelfView> projection = Attach(shelf, static shelf => shelf.Books);
        Assert.Equal(100, _reads); // as the first user linked

        _reads = 0;
        projection.Update(shelf => shelf with { Books = shelf.Books.SetItem(50, NewBook("another")) });
        Assert.Equal(1, _reads);

        projection.Update(static shelf => shelf with { Visits = shelf.Visits + 1 });
        Assert.Equal(1, _reads);
        Assert.Empty(_room.Failures);
    }

    [Fact]
    public void Items_ThatViewsPutIntoArraysOfTheirOwn_AreReadOnce()
    {
        var shelf = new Shelf([.. Enumerable.Range(0, 100).Select(number => NewBook($"book {number}"))], 0);
        ServerProjection<Shelf, ShelfView> projection = Attach(shelf, static shelf => [.. shelf.Books.Where(static book => !book.IsHidden)]);

        _reads = 0;
        projection.Update(shelf => shelf with { Books = shelf.Books.RemoveAt(0).Insert(70, NewBook("another")).Add(NewBook("and one")) });
        Assert.InRange(_reads, 2, 101); // once for all users, at most
    }

    private ServerProjection<Shelf, ShelfView> Attach(Shelf shelf, Func<Shelf, ImmutableArray<Book>> visible)
    {
        ServerProjection<Shelf, ShelfView> projection = _room.Room.AddProjection("shelf", new ProjectionModel<Shelf, ShelfView>(
            shelf, (shelf, user) => new ShelfView(user, visible(shelf), shelf.Visits)));
        _room.Open();
        for (int i = 0; i < Users; i++)
            _room.Link(string.Create(CultureInfo.InvariantCulture, $"user{i}"));
        return projection;
    }

    private Book NewBook(string title) => new(title, () => _reads++);

    internal sealed record Shelf(ImmutableArray<Book> Books, int Visits);

    internal sealed record ShelfView(string Reader, ImmutableArray<Book> Books, int Visits);

    internal sealed class Book(string title, Action onRead)
    {
        public string Title
        {
            get
            {
                onRead();
                return title;
            }
        }

        [System.Text.Json.Serialization.JsonIgnore]
        public bool IsHidden => title.EndsWith('7');
    }
}
