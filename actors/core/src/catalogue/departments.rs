use std::collections::BTreeMap;
use std::sync::Arc;

use super::Item;

/// The items of a department, by category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// What it is called; empty for items of no department.
    pub name: Arc<str>,
    /// In the order of the file.
    pub categories: Vec<Category>,
}

/// The items of a category within its department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// What it is called; empty for items of no category.
    pub name: Arc<str>,
    /// The positions of its items, in the order of the file.
    pub(super) items: Vec<u32>,
}

impl Category {
    /// How many items it has: always some.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none, which does not come about.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Department {
    /// Its items by their positions: of one category, or of all.
    pub(super) fn positions<'a>(
        &'a self,
        category: Option<&'a str>,
    ) -> impl Iterator<Item = u32> + 'a {
        let wanted = move |one: &&Category| category.is_none_or(|name| *one.name == *name);
        self.categories.iter().filter(wanted).flat_map(|one| one.items.iter().copied())
    }

    /// How many items it has: of one category, or of all.
    #[must_use]
    pub fn count(&self, category: Option<&str>) -> usize {
        let wanted = |one: &&Category| category.is_none_or(|name| *one.name == *name);
        self.categories.iter().filter(wanted).map(Category::len).sum()
    }
}

/// The departments of a catalogue, in the order in which the file first names them, those without
/// a name last.
pub(super) fn departments(items: &[Item]) -> Vec<Department> {
    let mut departments: Vec<Department> = Vec::new();
    let mut places: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for (position, item) in (0_u32..).zip(items) {
        let key = (&*item.department, &*item.category);
        let place = *places.entry(key).or_insert_with(|| {
            let at = *by_name.entry(&item.department).or_insert_with(|| {
                let name = item.department.clone();
                departments.push(Department { name, categories: Vec::new() });
                departments.len() - 1
            });
            let Some(department) = departments.get_mut(at) else { return (at, 0) };
            let name = item.category.clone();
            department.categories.push(Category { name, items: Vec::new() });
            (at, department.categories.len() - 1)
        });
        let department = departments.get_mut(place.0);
        if let Some(category) = department.and_then(|one| one.categories.get_mut(place.1)) {
            category.items.push(position);
        }
    }
    for department in &mut departments {
        department.categories.iter_mut().for_each(|category| category.items.shrink_to_fit());
        department.categories.sort_by_key(|category| category.name.is_empty());
    }
    departments.sort_by_key(|department| department.name.is_empty());
    departments
}

#[cfg(test)]
mod tests {
    use crate::Currency;
    use crate::catalogue::import;

    #[test]
    fn departments_stand_in_the_order_of_the_file_and_what_has_none_last() {
        let csv = "item,description,department,category,unit,price\n\
            1,A,,,piece,1\n2,B,生鮮,水果,piece,1\n3,C,飲料,茶,piece,1\n4,D,生鮮,,piece,1\n\
            5,E,生鮮,蔬菜,piece,1\n6,F,生鮮,水果,piece,1\n";
        let shop = import(csv.as_bytes(), Currency::TWD).unwrap();
        let shown: Vec<(String, Vec<(String, usize)>)> = shop
            .departments()
            .iter()
            .map(|one| {
                let categories = one.categories.iter();
                let named = categories.map(|each| (each.name.to_string(), each.len()));
                (one.name.to_string(), named.collect())
            })
            .collect();
        let some = |pairs: &[(&str, usize)]| -> Vec<(String, usize)> {
            pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
        };
        assert_eq!(
            shown,
            [
                ("生鮮".to_owned(), some(&[("水果", 2), ("蔬菜", 1), ("", 1)])),
                ("飲料".to_owned(), some(&[("茶", 1)])),
                (String::new(), some(&[("", 1)])),
            ]
        );
        let page = |category: Option<&str>, from: usize, limit: usize| -> Vec<String> {
            let page = shop.page("生鮮", category, from, limit);
            page.iter().map(|item| item.id.to_string()).collect()
        };
        assert_eq!(page(None, 0, 10), ["2", "6", "5", "4"]);
        assert_eq!(page(None, 1, 2), ["6", "5"]);
        assert_eq!(page(Some("水果"), 1, 5), ["6"]);
        assert_eq!(page(Some(""), 0, 5), ["4"]);
        assert!(page(Some("茶"), 0, 5).is_empty() && page(None, 4, 5).is_empty());
        assert!(shop.page("沒有", None, 0, 5).is_empty());
        assert!(page(None, usize::MAX, usize::MAX).is_empty());
    }
}
